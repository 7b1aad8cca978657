// Package example is a program as the docs show it, and its test with the helper.
package example

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"
)

// snippet: first
var (
	endpoint = "127.0.0.1:8213"
	keys     = common.NewCredential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
)

func renewOneMonth(instance string) error {
	p := profile.NewClientProfile()
	p.HttpProfile.Scheme, p.HttpProfile.Endpoint = "HTTP", endpoint
	client, err := cvm.NewClient(keys, "ap-guangzhou", p)
	if err != nil {
		return err
	}
	renew := cvm.NewRenewInstancesRequest()
	renew.InstanceIds = common.StringPtrs([]string{instance})
	renew.InstanceChargePrepaid = &cvm.InstanceChargePrepaid{Period: common.Int64Ptr(1)}
	_, err = client.RenewInstances(renew)
	return err
}

// snippet: end

// trust lets one client trust the authority in a file such as GET /_emulator/ca.pem.
func trust(client *cvm.Client, caFile string) error {
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem)
	client.WithHttpTransport(transport)
	return nil
}

func proxyProfile() *profile.ClientProfile {
	p := profile.NewClientProfile()
	// snippet: proxy
	p.HttpProfile.Scheme, p.HttpProfile.Proxy = "HTTP", "http://"+endpoint
	// snippet: end
	return p
}
