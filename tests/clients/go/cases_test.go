package clients

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

type suite struct {
	Versions map[string]string
	Region   string
	Cases    []testCase
}

type testCase struct {
	Name       string
	Everywhere bool
	Steps      []step
}

// step is a call with its expected outcome, or a request to the control API.
type step struct {
	Service, Action     string
	Language, SecretKey string
	Params              json.RawMessage
	Answer              json.RawMessage
	Code, Message       string
	Control             *struct {
		Method, Path string
		Body         cvmemulator.JSON
	}
}

func (s *step) UnmarshalJSON(text []byte) error {
	type plain step
	named := struct {
		*plain
		SecretKey string `json:"secret_key"`
	}{plain: (*plain)(s)}
	err := json.Unmarshal(text, &named)
	s.SecretKey = named.SecretKey
	return err
}

func readCases(t *testing.T) suite {
	text, err := os.ReadFile("../cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases suite
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if cases.Region != region || len(cases.Cases) == 0 {
		t.Fatalf("cases.json has %d cases for %q", len(cases.Cases), cases.Region)
	}
	return cases
}

// client is one of the SDK's two ways to make calls, and the dialects that it supports.
type client struct {
	name     string
	dialects []dialect
	make     func(*testing.T, *cvmemulator.Account, common.CredentialIface, *profile.ClientProfile) caller
}

const commonName = "tencentcloud-sdk-go common 1.3.211"

var clients = []client{
	{"tencentcloud-sdk-go cvm 1.3.130", dialects, cvmCaller},
	// Its other dialects are excepted: TestCommonRequestLosesItsParameters.
	{commonName, []dialect{usual}, commonCaller},
}

func TestCases(t *testing.T) {
	cases := readCases(t)
	for _, client := range clients {
		for _, one := range cases.Cases {
			for _, d := range client.dialects {
				for _, transport := range transports {
					if !one.Everywhere && (d != usual || transport != "http") {
						continue
					}
					p := play{cases, client, one, d, transport}
					t.Run(fmt.Sprintf("%s/%s/%s/%s", client.name, d, transport, one.Name), func(t *testing.T) {
						t.Parallel()
						p.run(t, cvmemulator.NewAccount(t))
					})
				}
			}
		}
	}
}

func TestTemporaryKeys(t *testing.T) {
	cases := readCases(t)
	for _, client := range clients {
		p := play{cases, client, cases.Cases[0], usual, "http"}
		t.Run(client.name, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t, cvmemulator.JSON{"expires_in": "PT1H"})
			p.run(t, account)

			// The keys are worth nothing without their Token.
			account.Token = ""
			call := p.client.make(t, account, keys(account), newProfile(account, usual, "http"))
			_, err := call("cvm", cases.Versions["cvm"], "DescribeInstances", json.RawMessage("{}"))
			if code := codeOf(t, err); code != "AuthFailure.TokenFailure" {
				t.Errorf("without the Token: got %q, want AuthFailure.TokenFailure", code)
			}
		})
	}
}

// play is a case together with the way to make calls.
type play struct {
	suite     suite
	client    client
	testCase  testCase
	dialect   dialect
	transport string
}

func (p play) run(t *testing.T, account *cvmemulator.Account) {
	usual := p.callerFor(t, account, step{})
	for number, step := range p.testCase.Steps {
		if step.Control != nil {
			account.Control(step.Control.Method, step.Control.Path, step.Control.Body, nil)
			continue
		}
		call := usual
		if step.Language != "" || step.SecretKey != "" {
			call = p.callerFor(t, account, step)
		}
		answer, err := call(step.Service, p.suite.Versions[step.Service], step.Action, step.Params)
		if difference := step.differs(answer, err); difference != "" {
			t.Fatalf("step %d, %s: %s", number+1, step.Action, difference)
		}
	}
	p.tellMatrix(t)
}

func (p play) callerFor(t *testing.T, account *cvmemulator.Account, step step) caller {
	settings := newProfile(account, p.dialect, p.transport)
	if step.Language != "" {
		settings.Language = step.Language
	}
	credential := keys(account)
	if step.SecretKey != "" {
		credential = common.NewCredential(account.SecretID, step.SecretKey)
	}
	return p.client.make(t, account, credential, settings)
}

// differs returns how an answer differs from the expected one, "" if it does not.
func (s step) differs(answer []byte, err error) string {
	if s.Code == "" {
		if err != nil {
			return fmt.Sprintf("got %v, want an answer", err)
		}
		return jsonDiffers(s.Answer, answer)
	}
	sdkError, ok := err.(*tcerrors.TencentCloudSDKError)
	switch {
	case !ok:
		return fmt.Sprintf("got %v %s, want error %s", err, answer, s.Code)
	case sdkError.Code != s.Code:
		return fmt.Sprintf("got %v, want error %s", err, s.Code)
	case s.Message != "" && sdkError.Message != s.Message:
		return fmt.Sprintf("got message %q, want %q", sdkError.Message, s.Message)
	}
	return ""
}

// tellMatrix appends the calls of the case to the file from which docs/clients.md's matrix is generated.
func (p play) tellMatrix(t *testing.T) {
	name := os.Getenv("CVM_MATRIX")
	if name == "" {
		return
	}
	var lines []byte
	for _, step := range p.testCase.Steps {
		if step.Control == nil {
			client, d := p.client.name, p.dialect
			if step.Service != "cvm" {
				client, d = commonName, usual
			}
			line, err := json.Marshal(map[string]string{
				"client": client, "call": step.Action, "dialect": d.String(), "transport": p.transport})
			if err != nil {
				t.Fatal(err)
			}
			lines = append(append(lines, line...), '\n')
		}
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(lines); err != nil {
		t.Fatal(err)
	}
}
