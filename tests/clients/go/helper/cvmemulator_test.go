package cvmemulator

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m, "--fixtures", "../../account.json") }

// recorder is a test whose failure is inspected.
type recorder struct {
	testing.TB
	said     string
	cleanups []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, values ...interface{}) {
	r.said += fmt.Sprintf(format, values...)
}
func (r *recorder) Fatalf(format string, values ...interface{}) {
	r.Errorf(format, values...)
	runtime.Goexit()
}

// record runs a test to its end, or to its Fatal.
func record(t *testing.T, test func(testing.TB)) *recorder {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(r)
	}()
	<-done
	for _, cleanup := range r.cleanups {
		cleanup()
	}
	return r
}

func TestVerifyTellsTheReason(t *testing.T) {
	r := record(t, func(t testing.TB) {
		NewAccount(t).Verify(JSON{"match": JSON{"action": "RenewInstances"}, "exactly": 1})
	})
	if want := "calls are not as expected: expected exactly 1 call of this kind, found 0"; r.said != want {
		t.Errorf("said %q, want %q", r.said, want)
	}
}

func TestRefusalTellsTheReason(t *testing.T) {
	r := record(t, func(t testing.TB) { NewAccount(t).Advance("tomorrow") })
	if !strings.HasPrefix(r.said, "POST /_emulator/clock?account=") || !strings.Contains(r.said, "ISO 8601 duration") {
		t.Errorf("said %q", r.said)
	}
}

func TestAccountEndsWithItsTest(t *testing.T) {
	var ended *Account
	record(t, func(t testing.TB) { ended = NewAccount(t) })
	r := record(t, func(t testing.TB) {
		ended.t = t
		ended.Calls("")
	})
	if !strings.Contains(r.said, ended.Uin) {
		t.Errorf("the account %s is still there: %q", ended.Uin, r.said)
	}
}

func TestClock(t *testing.T) {
	account := NewAccount(t)
	var clock struct {
		Now    string
		Frozen bool
	}
	account.FreezeClock(true)
	account.SetClock("2030-01-20T00:00:00Z")
	account.Advance("P1M")
	account.Control("GET", "clock", nil, &clock)
	if clock.Now != "2030-02-20T00:00:00Z" || !clock.Frozen {
		t.Errorf("the clock is %+v", clock)
	}
}

// With CVM_EMULATOR_URL the binary is not needed.
func TestEmulatorThatRuns(t *testing.T) {
	tests := exec.Command(os.Args[0], "-test.run", "^TestClock$", "-test.v")
	tests.Env = []string{"CVM_EMULATOR_URL=" + NewAccount(t).URL + "/", "CVM_EMULATOR_BINARY=/nonexistent"}
	output, err := tests.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: TestClock") {
		t.Errorf("%v\n%s", err, output)
	}
}

func TestMissingBinary(t *testing.T) {
	tests := exec.Command(os.Args[0])
	tests.Env = []string{"CVM_EMULATOR_BINARY=/nonexistent"}
	output, err := tests.CombinedOutput()
	if want := "cvmemulator: fork/exec /nonexistent: no such file or directory\n"; err == nil || string(output) != want {
		t.Errorf("%v, said %q, want %q", err, output, want)
	}
}
