package clients

import (
	"context"
	"net/http/httptrace"
	"sync"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

// countingConnections returns a context that counts new connections.
func countingConnections(opened *int) context.Context {
	return httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(connection httptrace.GotConnInfo) {
			if !connection.Reused {
				*opened++
			}
		},
	})
}

func TestConnectionsAreKeptAlive(t *testing.T) {
	for _, transport := range transports {
		transport := transport
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			client := newCVM(t, account, newProfile(account, usual, transport))
			opened := 0
			counting := countingConnections(&opened)
			for call := 0; call < 200; call++ {
				answer, err := client.DescribeInstancesWithContext(counting, cvm.NewDescribeInstancesRequest())
				if err != nil {
					t.Fatalf("call %d: %v", call+1, err)
				}
				if *answer.Response.TotalCount != 12 {
					t.Fatalf("call %d: TotalCount is %d, want 12", call+1, *answer.Response.TotalCount)
				}
			}
			// One; on a busy machine net/http drops a connection if it is notified too late (50 ms) that a request was written.
			if opened > 3 {
				t.Errorf("200 calls took %d connections, want 1", opened)
			}
			account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": "DescribeInstances", "code": "OK"}, "exactly": 200})
		})
	}
}

func TestFiftyAtOnce(t *testing.T) {
	t.Parallel()
	accounts := make([]*cvmemulator.Account, 50)
	clients := make([]*cvm.Client, len(accounts))
	for i := range accounts {
		accounts[i] = cvmemulator.NewAccount(t)
		clients[i] = newCVM(t, accounts[i], newProfile(accounts[i], usual, "http"))
	}
	start := make(chan struct{})
	var done sync.WaitGroup
	for i := range clients {
		client, months := clients[i], int64(i%3+1)
		done.Add(1)
		go func() {
			defer done.Done()
			<-start
			renew := cvm.NewRenewInstancesRequest()
			renew.InstanceIds = common.StringPtrs([]string{"ins-r8hr2upy"})
			renew.InstanceChargePrepaid = &cvm.InstanceChargePrepaid{Period: common.Int64Ptr(months)}
			if _, err := client.RenewInstances(renew); err != nil {
				t.Error(err)
			}
		}()
	}
	close(start)
	done.Wait()

	// Each account has what it paid for, not what another one paid for.
	expiries := []string{"2030-02-28T08:00:00Z", "2030-03-31T08:00:00Z", "2030-04-30T08:00:00Z"}
	for i, account := range accounts {
		if got := expiryOf(t, clients[i], "ins-r8hr2upy"); got != expiries[i%3] {
			t.Errorf("account %s: expires at %s, want %s", account.Uin, got, expiries[i%3])
		}
		account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": "RenewInstances", "code": "OK"}, "exactly": 1})
	}
}

func expiryOf(t *testing.T, client *cvm.Client, instance string) string {
	t.Helper()
	look := cvm.NewDescribeInstancesRequest()
	look.InstanceIds = common.StringPtrs([]string{instance})
	answer, err := client.DescribeInstances(look)
	if err != nil {
		t.Fatal(err)
	}
	return *answer.Response.InstanceSet[0].ExpiredTime
}
