package example

import (
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

// As they are before a test sets others.
var builtInKeys = keys

// snippet: helper
func TestMain(m *testing.M) { cvmemulator.Main(m) }

func TestRenewalIsRepeatedAfterAnError(t *testing.T) {
	account := cvmemulator.NewAccount(t)
	endpoint, keys = account.Endpoint, common.NewCredential(account.SecretID, account.SecretKey)
	account.Fault("RenewInstances", cvmemulator.JSON{"error": "InternalServerError"}, cvmemulator.JSON{"nth": 1})

	if err := renewOneMonth("ins-r8hr2upy"); err == nil {
		t.Error("the error was swallowed")
	}
	account.Advance("P1D")
	if err := renewOneMonth("ins-r8hr2upy"); err != nil {
		t.Error(err)
	}
	account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": "RenewInstances", "code": "OK"}, "exactly": 1})
}

// snippet: end

// The keys that the docs show are those of the default account.
func TestBuiltInKeys(t *testing.T) {
	account := cvmemulator.NewAccount(t)
	p := profile.NewClientProfile()
	p.HttpProfile.Scheme, p.HttpProfile.Endpoint = "HTTP", account.Endpoint
	client, err := cvm.NewClient(builtInKeys, "ap-guangzhou", p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.DescribeInstances(cvm.NewDescribeInstancesRequest()); err != nil {
		t.Fatal(err)
	}
}

func TestTrust(t *testing.T) {
	account := cvmemulator.NewAccount(t)
	p := profile.NewClientProfile()
	p.HttpProfile.Endpoint = account.Endpoint
	client, err := cvm.NewClient(common.NewCredential(account.SecretID, account.SecretKey), "ap-guangzhou", p)
	if err != nil {
		t.Fatal(err)
	}
	if err := trust(client, account.CAFile()); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DescribeInstances(cvm.NewDescribeInstancesRequest()); err != nil {
		t.Fatal(err)
	}
}

func TestProxyProfile(t *testing.T) {
	account := cvmemulator.NewAccount(t)
	endpoint = account.Endpoint
	client, err := cvm.NewClient(common.NewCredential(account.SecretID, account.SecretKey), "ap-guangzhou", proxyProfile())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.DescribeInstances(cvm.NewDescribeInstancesRequest()); err != nil {
		t.Fatal(err)
	}
	account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": "DescribeInstances", "code": "OK"}, "exactly": 1})
}
