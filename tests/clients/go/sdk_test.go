package clients

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

const region = "ap-guangzhou"

// dialect is a signature method and an HTTP method.
type dialect struct{ sign, method string }

func (d dialect) String() string { return d.sign + " " + d.method }

var (
	usual    = dialect{"TC3-HMAC-SHA256", "POST"}
	dialects = []dialect{
		usual, {"TC3-HMAC-SHA256", "GET"},
		{"HmacSHA1", "POST"}, {"HmacSHA1", "GET"},
		{"HmacSHA256", "POST"}, {"HmacSHA256", "GET"},
	}
	transports = []string{"http", "https", "http proxy", "https proxy"}
)

func newProfile(account *cvmemulator.Account, d dialect, transport string) *profile.ClientProfile {
	p := profile.NewClientProfile()
	p.SignMethod = d.sign
	p.HttpProfile.ReqMethod = d.method
	p.HttpProfile.Scheme = strings.ToUpper(strings.TrimSuffix(transport, " proxy"))
	if strings.HasSuffix(transport, " proxy") {
		p.HttpProfile.Proxy = account.URL
	} else {
		p.HttpProfile.Endpoint = account.Endpoint
	}
	return p
}

// httpTransport is the SDK's transport, made to trust the emulator: SSL_CERT_FILE is read only once per process, and is
// used by TestUnmodifiedProgram.
func httpTransport(t *testing.T, account *cvmemulator.Account, p *profile.ClientProfile) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if p.HttpProfile.Proxy != "" {
		proxy, err := url.Parse(p.HttpProfile.Proxy)
		if err != nil {
			t.Fatal(err)
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	if p.HttpProfile.Scheme == "HTTPS" {
		transport.TLSClientConfig = &tls.Config{RootCAs: account.RootCAs()}
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func keys(account *cvmemulator.Account) common.CredentialIface {
	return common.NewTokenCredential(account.SecretID, account.SecretKey, account.Token)
}

func newCVM(t *testing.T, account *cvmemulator.Account, p *profile.ClientProfile) *cvm.Client {
	return newCVMWithKeys(t, account, keys(account), p)
}

func newCVMWithKeys(t *testing.T, account *cvmemulator.Account, keys common.CredentialIface, p *profile.ClientProfile) *cvm.Client {
	client, err := cvm.NewClient(keys, region, p)
	if err != nil {
		t.Fatal(err)
	}
	if p.HttpProfile.Scheme == "HTTPS" {
		client.WithHttpTransport(httpTransport(t, account, p))
	}
	return client
}

// caller makes a call of the API with one of the SDK's clients; it returns the JSON of the answer's Response.
type caller func(service, version, action string, params json.RawMessage) ([]byte, error)

// commonCaller calls any product by name, as programs do for products without an SDK module.
func commonCaller(t *testing.T, account *cvmemulator.Account, keys common.CredentialIface, p *profile.ClientProfile) caller {
	client := common.NewCommonClient(keys, region, p)
	if p.HttpProfile.Scheme == "HTTPS" {
		client.WithHttpTransport(httpTransport(t, account, p))
	}
	return func(service, version, action string, params json.RawMessage) ([]byte, error) {
		request := tchttp.NewCommonRequest(service, version, action)
		if err := request.SetActionParameters([]byte(params)); err != nil {
			return nil, err
		}
		response := tchttp.NewCommonResponse()
		if err := client.Send(request, response); err != nil {
			return nil, err
		}
		return member(response.GetBody(), "Response")
	}
}

// cvmCaller calls CVM with the SDK's methods and models, and the other products by name, in the only dialect that
// allows it.
func cvmCaller(t *testing.T, account *cvmemulator.Account, keys common.CredentialIface, p *profile.ClientProfile) caller {
	client := newCVMWithKeys(t, account, keys, p)
	common, http := *p, *p.HttpProfile
	common.SignMethod, http.ReqMethod, common.HttpProfile = usual.sign, usual.method, &http
	others := commonCaller(t, account, keys, &common)
	return func(service, version, action string, params json.RawMessage) ([]byte, error) {
		if service != "cvm" {
			return others(service, version, action, params)
		}
		method := reflect.ValueOf(client).MethodByName(action + "WithContext")
		if !method.IsValid() {
			return nil, fmt.Errorf("the SDK has no %s", action)
		}
		request := reflect.New(method.Type().In(1).Elem())
		// FromJsonString refuses members that the model does not have.
		parse := request.Interface().(interface{ FromJsonString(string) error })
		if err := parse.FromJsonString(string(params)); err != nil {
			return nil, err
		}
		results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), request})
		if err, failed := results[1].Interface().(error); failed {
			return nil, err
		}
		answer, err := json.Marshal(results[0].Interface())
		if err != nil {
			return nil, err
		}
		return member(answer, "Response")
	}
}

func member(object []byte, name string) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, err
	}
	return members[name], nil
}

// codeOf is the code of an error of the API or of the SDK itself, "" of nil.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	sdkError, ok := err.(*tcerrors.TencentCloudSDKError)
	if !ok {
		t.Fatalf("not an error of the SDK: %T %v", err, err)
	}
	return sdkError.GetCode()
}

// The reason why the common client is not tested in other dialects: forms and queries are made from the members of the
// request, and a CommonRequest has none.
func TestCommonRequestLosesItsParameters(t *testing.T) {
	for _, d := range dialects[1:] {
		d := d
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			call := commonCaller(t, account, keys(account), newProfile(account, d, "http"))
			_, err := call("cvm", "2017-03-12", "RenewInstances", json.RawMessage(`{"InstanceIds":["ins-r8hr2upy"]}`))
			if code := codeOf(t, err); code != "MissingParameter" {
				t.Errorf("got %q, want MissingParameter", code)
			}
			for _, call := range account.Calls("") {
				if call.Params["InstanceIds"] != nil {
					t.Errorf("InstanceIds came: %v", call.Params)
				}
			}
		})
	}
}
