// Package cvmemulator gives each Go test its own account in the CVM renewal emulator.
//
// Copy this file into your project, say as internal/cvmemulator/cvmemulator.go. It needs Go 1.19 and nothing else.
//
//	func TestMain(m *testing.M) { cvmemulator.Main(m) }
//
//	func TestRenewal(t *testing.T) {
//		account := cvmemulator.NewAccount(t)
//		renewAllThatExpireSoon(account.Endpoint, account.SecretID, account.SecretKey)
//		account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": "RenewInstances", "code": "OK"}, "exactly": 1})
//	}
//
// Main starts the binary that CVM_EMULATOR_BINARY names, else cvm-renewal-emulator from PATH, on a free port, and stops
// it after the last test. With CVM_EMULATOR_URL it starts nothing and uses the emulator at that address.
//
// Accounts share no state, so tests may call t.Parallel. An account is deleted when its test ends. Durations are in ISO
// 8601 (P1M, PT90S), instants are like 2030-01-10T00:00:00Z. GET /_emulator/openapi.json describes the JSON.
package cvmemulator

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const patience = 30 * time.Second

// JSON is an object of the emulator's control API.
type JSON map[string]interface{}

// Account is an account of the emulator, with its own keys. Its methods fail the test if the emulator refuses.
type Account struct {
	URL      string // such as http://127.0.0.1:8213
	Endpoint string // such as 127.0.0.1:8213, for HttpProfile.Endpoint

	Uin       string
	SecretID  string `json:"SecretId"`
	SecretKey string
	Token     string // of temporary keys

	t testing.TB
}

// Call is a call of the API as in the emulator's journal.
type Call struct {
	Number    int
	RequestID string `json:"RequestId"`
	Action    string
	Method    string
	Dialect   string
	Params    JSON
	Code      string // OK, the code of the error, or empty if the answer had none
	Done      bool   // whether the action was executed, whatever the answer said
	Fault     string // the fault rule that changed the answer
}

var (
	address string
	// The control API is on this machine: a proxy in the environment is for the code under test.
	control = http.Client{Transport: &http.Transport{}, Timeout: patience}
)

// Main runs the tests of a package against one emulator and ends the process. Flags are those of the binary, such as
// "--fixtures", "testdata/account.json".
func Main(m *testing.M, flags ...string) {
	stop, err := start(flags)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cvmemulator:", err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

func start(flags []string) (stop func(), err error) {
	if address = strings.TrimSuffix(os.Getenv("CVM_EMULATOR_URL"), "/"); address != "" {
		return func() {}, nil
	}
	binary := os.Getenv("CVM_EMULATOR_BINARY")
	if binary == "" {
		binary = "cvm-renewal-emulator"
	}
	process := exec.Command(binary, append([]string{"--port", "0", "--log-level", "warn"}, flags...)...)
	process.Stderr = os.Stderr
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "CVM_EMULATOR_") {
			process.Env = append(process.Env, variable)
		}
	}
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	overdue := time.AfterFunc(patience, func() { process.Process.Kill() })
	defer overdue.Stop()
	for lines := bufio.NewScanner(output); address == "" && lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "Ready. ") {
			address = strings.TrimPrefix(lines.Text(), "Ready. ")
		}
	}
	if address == "" {
		process.Process.Kill()
		return nil, fmt.Errorf("%s ended without its ready line: %v", binary, process.Wait())
	}
	return func() {
		if process.Process.Signal(os.Interrupt) != nil {
			process.Process.Kill() // Windows has no signals
		}
		process.Wait()
	}, nil
}

// NewAccount creates an account for the test: a copy of the default one, or according to the settings, such as
// JSON{"from": "empty"}, or JSON{"expires_in": "PT1H"} for temporary keys.
func NewAccount(t testing.TB, settings ...JSON) *Account {
	t.Helper()
	if address == "" {
		t.Fatal("no emulator: let TestMain call cvmemulator.Main(m)")
	}
	account := &Account{URL: address, Endpoint: address[strings.Index(address, "//")+2:], t: t}
	body := JSON{}
	for _, some := range settings {
		for name, value := range some {
			body[name] = value
		}
	}
	account.Control("POST", "accounts", body, account)
	t.Cleanup(func() { account.Control("DELETE", "accounts", nil, nil) })
	return account
}

// Advance moves the account's clock by a duration. When it returns, everything due has happened.
func (a *Account) Advance(duration string) {
	a.t.Helper()
	a.Control("POST", "clock", JSON{"advance": duration}, nil)
}

// SetClock moves the account's clock forward to an instant.
func (a *Account) SetClock(instant string) {
	a.t.Helper()
	a.Control("POST", "clock", JSON{"set": instant}, nil)
}

// FreezeClock stops the account's clock, or lets it run again.
func (a *Account) FreezeClock(frozen bool) {
	a.t.Helper()
	a.Control("POST", "clock", JSON{"frozen": frozen}, nil)
}

// Fault applies a fault, such as JSON{"error": "RequestLimitExceeded"}, to calls of an action: to those selected by
// `when`, such as JSON{"nth": 1} or JSON{"times": 2}, or to all if it is nil.
func (a *Account) Fault(action string, then, when JSON) {
	a.t.Helper()
	rule := JSON{"match": JSON{"action": action}, "then": then}
	if when != nil {
		rule["when"] = when
	}
	a.Control("POST", "faults", rule, nil)
}

// Calls lists the account's calls, oldest first. A query such as "action=Renew*&code=OK" selects some.
func (a *Account) Calls(query string) []Call {
	a.t.Helper()
	var journal struct{ Calls []Call }
	a.Control("GET", "requests?"+query, nil, &journal)
	return journal.Calls
}

// Verify fails the test unless the account's calls are as expected.
func (a *Account) Verify(expectation JSON) {
	a.t.Helper()
	var verdict struct {
		OK      bool
		Why     string
		Nearest []json.RawMessage
	}
	a.Control("POST", "requests/verify", expectation, &verdict)
	if !verdict.OK {
		a.t.Errorf("calls are not as expected: %s%s", verdict.Why, indented(verdict.Nearest))
	}
}

func indented(nearest []json.RawMessage) (text string) {
	for _, call := range nearest {
		text += "\n    nearest: " + string(call)
	}
	return text
}

// CAFile writes the emulator's certificate authority to a file, for SSL_CERT_FILE.
func (a *Account) CAFile() string {
	a.t.Helper()
	file := filepath.Join(a.t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, request(a.t, "GET", "ca.pem", nil), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return file
}

// RootCAs is the emulator's certificate authority, for tls.Config.
func (a *Account) RootCAs() *x509.CertPool {
	a.t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(request(a.t, "GET", "ca.pem", nil)) {
		a.t.Fatal("ca.pem holds no certificate")
	}
	return pool
}

// Control sends a request about this account to the control API, for anything that the methods above do not cover. The
// answer is stored in the value that `answer` points to, if it is not nil.
func (a *Account) Control(method, resource string, body JSON, answer interface{}) {
	a.t.Helper()
	if a.Uin != "" {
		separator := "?"
		if strings.Contains(resource, "?") {
			separator = "&"
		}
		resource += separator + "account=" + a.Uin
	}
	text := request(a.t, method, resource, body)
	if answer == nil {
		return
	}
	if err := json.Unmarshal(text, answer); err != nil {
		a.t.Fatalf("%s /_emulator/%s: %v in %s", method, resource, err, text)
	}
}

func request(t testing.TB, method, resource string, body JSON) []byte {
	t.Helper()
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, address+"/_emulator/"+resource, &content)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token := os.Getenv("CVM_EMULATOR_ADMIN_TOKEN"); token != "" { // of the emulator that CVM_EMULATOR_URL names
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := control.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode >= 300 {
		t.Fatalf("%s /_emulator/%s: %s", method, resource, strings.TrimSpace(string(text)))
	}
	return text
}
