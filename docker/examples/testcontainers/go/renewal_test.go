// go mod tidy && go test
package renewal

import (
	"context"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

func newClient(t *testing.T) *cvm.Client {
	t.Helper()
	ctx := context.Background()
	emulator, err := testcontainers.Run(ctx, "cvm-renewal-emulator:0.1.0",
		testcontainers.WithExposedPorts("8213/tcp"),
		// Asks for /health by the published port, so it waits for both.
		testcontainers.WithWaitStrategy(wait.ForHTTP("/health").WithPort("8213/tcp")))
	testcontainers.CleanupContainer(t, emulator)
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := emulator.PortEndpoint(ctx, "8213/tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	p := profile.NewClientProfile()
	p.HttpProfile.Scheme, p.HttpProfile.Endpoint = "HTTP", endpoint
	key := common.NewCredential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
	client, err := cvm.NewClient(key, "ap-guangzhou", p)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func expiry(t *testing.T, client *cvm.Client) string {
	t.Helper()
	request := cvm.NewDescribeInstancesRequest()
	request.InstanceIds = common.StringPtrs([]string{"ins-r8hr2upy"})
	answer, err := client.DescribeInstances(request)
	if err != nil {
		t.Fatal(err)
	}
	return *answer.Response.InstanceSet[0].ExpiredTime
}

func TestRenewalMovesTheExpiry(t *testing.T) {
	client := newClient(t)
	before := expiry(t, client)
	request := cvm.NewRenewInstancesRequest()
	request.InstanceIds = common.StringPtrs([]string{"ins-r8hr2upy"})
	request.InstanceChargePrepaid = &cvm.InstanceChargePrepaid{Period: common.Int64Ptr(1)}
	if _, err := client.RenewInstances(request); err != nil {
		t.Fatal(err)
	}
	if after := expiry(t, client); after <= before {
		t.Errorf("the expiry was %s and is %s", before, after)
	}
}
