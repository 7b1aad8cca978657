package clients

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

// How the SDK, and net/http below it, handle a lost answer or a refused call on their own.

// instance expires on 2030-01-31 and costs monthly cents a month.
const (
	instance = "ins-r8hr2upy"
	monthly  = 7650
)

var (
	lostAnswer = cvmemulator.JSON{"commit_then_fail": true, "drop": true}
	once       = cvmemulator.JSON{"nth": 1}
)

func renewal() *cvm.RenewInstancesRequest {
	renew := cvm.NewRenewInstancesRequest()
	renew.InstanceIds = common.StringPtrs([]string{instance})
	renew.InstanceChargePrepaid = &cvm.InstanceChargePrepaid{Period: common.Int64Ptr(1)}
	return renew
}

// came is the code of each call of an action, as answered by the server; "lost" if the action was executed without an
// answer.
func came(account *cvmemulator.Account, action string) []string {
	codes := []string{}
	for _, call := range account.Calls("action=" + action) {
		switch {
		case call.Code != "":
			codes = append(codes, call.Code)
		case call.Done:
			codes = append(codes, "lost")
		default:
			codes = append(codes, "no answer")
		}
	}
	return codes
}

// paid lists the amounts of the account's orders, from the ledger.
func paid(account *cvmemulator.Account) []int {
	var ledger struct {
		Lines []struct {
			Cause, OrderId string
			Amount         int
		}
	}
	account.Control("GET", "ledger", nil, &ledger)
	amounts := []int{}
	for _, line := range ledger.Lines {
		if line.Cause == "request" && line.OrderId != "" {
			amounts = append(amounts, line.Amount)
		}
	}
	return amounts
}

// outcome is what the caller receives, what the server saw and what was paid.
type outcome struct {
	told string // a code, "" of success
	came []string
	paid []int
}

func (want outcome) check(t *testing.T, account *cvmemulator.Account, action string, err error) {
	t.Helper()
	got := outcome{codeOf(t, err), came(account, action), paid(account)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s (%v)\n got: %+v\nwant: %+v", action, err, got, want)
	}
}

func TestLostAnswerOfARenewal(t *testing.T) {
	const used, fresh = true, false
	paidOnce := outcome{"ClientError.NetworkError", []string{"lost"}, []int{monthly}}
	paidTwice := outcome{"", []string{"lost", "OK"}, []int{monthly, monthly}}
	unsafe := func(p *profile.ClientProfile) { p.UnsafeRetryOnConnectionFailure = true }
	retries := func(p *profile.ClientProfile) { p.NetworkFailureMaxRetries = 3 }

	for _, example := range []struct {
		name      string
		method    string
		inUse     bool // whether the connection has carried a call before
		configure func(*profile.ClientProfile)
		want      outcome
	}{
		{"POST", "POST", used, nil, paidOnce},
		{"GET on a fresh connection", "GET", fresh, nil, paidOnce},
		// net/http takes a GET for safe, and the server for one that closed an idle connection.
		{"GET is sent again by net/http", "GET", used, nil, paidTwice},
		{"UnsafeRetryOnConnectionFailure with POST", "POST", used, unsafe, paidTwice},
		{"UnsafeRetryOnConnectionFailure with GET", "GET", used, unsafe, paidTwice},
		{"UnsafeRetryOnConnectionFailure on a fresh connection", "POST", fresh, unsafe, paidOnce},
		// It is for requests with a ClientToken, which RenewInstances has not.
		{"NetworkFailureMaxRetries", "POST", used, retries, paidOnce},
	} {
		example := example
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			p := newProfile(account, dialect{usual.sign, example.method}, "http")
			if example.configure != nil {
				example.configure(p)
			}
			client := newCVM(t, account, p)
			if example.inUse {
				expiryOf(t, client, instance)
			}
			account.Fault("RenewInstances", lostAnswer, once)
			_, err := client.RenewInstances(renewal())
			example.want.check(t, account, "RenewInstances", err)
		})
	}
}

func TestGETPaysOnceOverNewConnections(t *testing.T) {
	t.Parallel()
	account := cvmemulator.NewAccount(t)
	client := newCVM(t, account, newProfile(account, dialect{usual.sign, "GET"}, "http"))
	// net/http repeats a GET only on a connection that it has used before.
	client.WithHttpTransport(&http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true})
	expiryOf(t, client, instance)
	account.Fault("RenewInstances", lostAnswer, once)
	_, err := client.RenewInstances(renewal())
	outcome{"ClientError.NetworkError", []string{"lost"}, []int{monthly}}.check(t, account, "RenewInstances", err)
}

// snippet: renew_once
// renewOnce renews an instance whose ExpiredTime the caller has seen. RenewInstances has no ClientToken: a second call
// is a second month. So it looks, before it says of a failed call that nothing was paid.
func renewOnce(client *cvm.Client, renew *cvm.RenewInstancesRequest, expiredTime string) error {
	_, err := client.RenewInstances(renew)
	if err == nil {
		return nil
	}
	look := cvm.NewDescribeInstancesRequest()
	look.InstanceIds = renew.InstanceIds
	answer, lookErr := client.DescribeInstances(look)
	if lookErr != nil {
		return lookErr // still not known: look again, and do not renew
	}
	if *answer.Response.InstanceSet[0].ExpiredTime != expiredTime {
		return nil
	}
	return err
}

// snippet: end

func TestRenewOnce(t *testing.T) {
	for _, example := range []struct {
		name string
		then cvmemulator.JSON
		want outcome
	}{
		{"the answer was lost", lostAnswer, outcome{"", []string{"lost"}, []int{monthly}}},
		{"a proxy said 502", cvmemulator.JSON{"commit_then_fail": true, "status": 502},
			outcome{"", []string{"lost"}, []int{monthly}}},
		{"half an answer came", cvmemulator.JSON{"truncate": 20}, outcome{"", []string{"OK"}, []int{monthly}}},
		{"the call was lost", cvmemulator.JSON{"drop": true},
			outcome{"ClientError.NetworkError", []string{"no answer"}, []int{}}},
		{"the call was refused", cvmemulator.JSON{"error": "InternalServerError"},
			outcome{"InternalServerError", []string{"InternalServerError"}, []int{}}},
	} {
		example := example
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			client := newCVM(t, account, newProfile(account, usual, "http"))
			account.Fault("RenewInstances", example.then, once)
			err := renewOnce(client, renewal(), expiryOf(t, client, instance))
			example.want.check(t, account, "RenewInstances", err)
		})
	}
}

func TestRateLimitExceededMaxRetries(t *testing.T) {
	const limited = "RequestLimitExceeded"
	const ofAccount = "RequestLimitExceeded.UinLimitExceeded"
	for _, example := range []struct {
		name    string
		retries int
		error   string
		want    outcome
	}{
		{"none by default", 0, limited, outcome{limited, []string{limited}, []int{}}},
		{"3 outlast 2 refusals", 3, limited, outcome{"", []string{limited, limited, "OK"}, []int{monthly}}},
		{"1 does not", 1, limited, outcome{limited, []string{limited, limited}, []int{}}},
		{"another code is not retried", 3, ofAccount, outcome{ofAccount, []string{ofAccount}, []int{}}},
	} {
		example := example
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			profile := newProfile(account, usual, "http")
			profile.RateLimitExceededMaxRetries = example.retries
			profile.RateLimitExceededRetryDuration = atOnce
			account.Fault("RenewInstances", cvmemulator.JSON{"error": example.error}, cvmemulator.JSON{"times": 2})
			_, err := newCVM(t, account, profile).RenewInstances(renewal())
			example.want.check(t, account, "RenewInstances", err)
		})
	}
}

func atOnce(int) time.Duration { return 0 }

// A lost answer of RunInstances does not create a second instance: the SDK adds a ClientToken, the same for all
// attempts.
func TestNetworkFailureMaxRetriesIsSafeWithClientToken(t *testing.T) {
	t.Parallel()
	account := cvmemulator.NewAccount(t)
	p := newProfile(account, usual, "http")
	p.HttpProfile.ReqTimeout = 1 // second
	p.NetworkFailureMaxRetries, p.NetworkFailureRetryDuration = 3, atOnce
	client := newCVM(t, account, p)
	account.Fault("RunInstances", cvmemulator.JSON{"delay_ms": 1500}, once)

	run := cvm.NewRunInstancesRequest()
	run.ImageId = common.StringPtr("img-487zeit5")
	run.InstanceType = common.StringPtr("S5.MEDIUM4")
	run.InstanceChargeType = common.StringPtr("PREPAID")
	run.InstanceChargePrepaid = &cvm.InstanceChargePrepaid{Period: common.Int64Ptr(1)}
	run.Placement = &cvm.Placement{Zone: common.StringPtr("ap-guangzhou-3")}
	answer, err := client.RunInstances(run)
	if err != nil {
		t.Fatal(err)
	}
	if orders := paid(account); len(orders) != 1 {
		t.Errorf("paid %v, want one order", orders)
	}
	calls := account.Calls("action=RunInstances")
	if len(calls) != 2 || calls[0].Params["ClientToken"] != calls[1].Params["ClientToken"] {
		t.Errorf("want two calls with one ClientToken: %+v", calls)
	}
	if total := totalCount(t, client); total != 13 {
		t.Errorf("the account has %d instances, want 12 and the new one %v", total, *answer.Response.InstanceIdSet[0])
	}
}

func totalCount(t *testing.T, client *cvm.Client) int64 {
	t.Helper()
	answer, err := client.DescribeInstances(cvm.NewDescribeInstancesRequest())
	if err != nil {
		t.Fatal(err)
	}
	return *answer.Response.TotalCount
}

// Only calls with a ClientToken are repeated, and among those only the ones that timed out.
func TestNetworkFailureMaxRetriesLeavesTheRest(t *testing.T) {
	for _, example := range []struct {
		name, action string
		then         cvmemulator.JSON
		told         string
	}{
		{"a renewal that takes too long", "RenewInstances", cvmemulator.JSON{"delay_ms": 1500}, "ClientError.NetworkError"},
		{"a look that takes too long", "DescribeInstances", cvmemulator.JSON{"delay_ms": 1500}, "ClientError.NetworkError"},
		{"a dropped connection", "DescribeInstances", cvmemulator.JSON{"drop": true}, "ClientError.NetworkError"},
		{"half an answer", "DescribeInstances", cvmemulator.JSON{"truncate": 20}, "ClientError.ParseJsonError"},
		{"a 502 of a proxy", "DescribeInstances", cvmemulator.JSON{"status": 502}, "ClientError.ParseJsonError"},
	} {
		example := example
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			p := newProfile(account, usual, "http")
			p.HttpProfile.ReqTimeout = 1 // second
			p.NetworkFailureMaxRetries, p.NetworkFailureRetryDuration = 3, atOnce
			client := newCVM(t, account, p)
			account.Fault(example.action, example.then, nil)
			var err error
			if example.action == "RenewInstances" {
				_, err = client.RenewInstances(renewal())
			} else {
				_, err = client.DescribeInstances(cvm.NewDescribeInstancesRequest())
			}
			if code := codeOf(t, err); code != example.told {
				t.Errorf("told %q (%v), want %q", code, err, example.told)
			}
			account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": example.action}, "exactly": 1})
		})
	}
}

// After five failures the breaker sends calls, with their keys, to the vendor's host in Guangzhou. Here they reach only
// the emulator, which is also the proxy.
func TestRegionBreakerLeavesTheEndpoint(t *testing.T) {
	t.Parallel()
	account := cvmemulator.NewAccount(t)
	p := newProfile(account, usual, "http")
	p.DisableRegionBreaker = false
	transport := httpTransport(t, account, p)
	var hosts hostList
	transport.Proxy = func(request *http.Request) (*url.URL, error) {
		hosts.add(request.URL.Host)
		return url.Parse(account.URL)
	}
	client := newCVM(t, account, p)
	client.WithHttpTransport(transport)
	account.Fault("DescribeInstances", cvmemulator.JSON{"drop": true}, cvmemulator.JSON{"times": 5})
	for call := 0; call < 5; call++ {
		if _, err := client.DescribeInstances(cvm.NewDescribeInstancesRequest()); codeOf(t, err) != "ClientError.NetworkError" {
			t.Fatalf("call %d: %v", call+1, err)
		}
	}
	if _, err := client.DescribeInstancesWithContext(context.Background(), cvm.NewDescribeInstancesRequest()); err != nil {
		t.Fatal(err)
	}
	want := []string{account.Endpoint, account.Endpoint, account.Endpoint, account.Endpoint, account.Endpoint,
		"cvm.ap-guangzhou.tencentcloudapi.com"}
	if !reflect.DeepEqual(hosts.names, want) {
		t.Errorf("calls went to %q, want %q", hosts.names, want)
	}
}

type hostList struct {
	mutex sync.Mutex
	names []string
}

func (h *hostList) add(name string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.names = append(h.names, name)
}
