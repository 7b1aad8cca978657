package clients

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	cvm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm/v20170312"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

// unmodifiedProgram makes the test binary act as that program: net/http reads HTTPS_PROXY and SSL_CERT_FILE only once.
const unmodifiedProgram = "CVM_TEST_UNMODIFIED_PROGRAM"

// renewFromEnvironment is a program that does not know the emulator: its keys, proxy and certificates come from the
// environment, its endpoint is the SDK's default.
func renewFromEnvironment() int {
	p := profile.NewClientProfile()
	if os.Getenv(unmodifiedProgram) == "http" {
		p.HttpProfile.Scheme = "HTTP"
	}
	keys, err := common.DefaultEnvProvider().GetCredential()
	if err != nil {
		return fail(err)
	}
	client, err := cvm.NewClient(keys, region, p)
	if err != nil {
		return fail(err)
	}
	renew := cvm.NewRenewInstancesRequest()
	renew.InstanceIds = common.StringPtrs([]string{"ins-r8hr2upy"})
	renew.InstanceChargePrepaid = &cvm.InstanceChargePrepaid{Period: common.Int64Ptr(1)}
	if _, err := client.RenewInstances(renew); err != nil {
		return fail(err)
	}
	return 0
}

// tellProxies prints which proxy net/http would use for each of the URLs.
func tellProxies(urls []string) int {
	for _, target := range urls {
		request, err := http.NewRequest("POST", target, nil)
		if err != nil {
			return fail(err)
		}
		proxy, err := http.ProxyFromEnvironment(request)
		if err != nil {
			return fail(err)
		}
		if proxy == nil {
			fmt.Println("none")
		} else {
			fmt.Println(proxy)
		}
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func TestUnmodifiedProgram(t *testing.T) {
	for _, example := range []struct{ scheme, proxy string }{
		{"https", "HTTPS_PROXY"}, {"https", "https_proxy"}, {"http", "HTTP_PROXY"}, {"http", "http_proxy"},
	} {
		example := example
		t.Run(example.scheme+" by "+example.proxy, func(t *testing.T) {
			t.Parallel()
			account := cvmemulator.NewAccount(t)
			output, err := runProgram(account, example.scheme,
				example.proxy+"="+account.URL, "SSL_CERT_FILE="+account.CAFile(), "SSL_CERT_DIR=/nonexistent")
			if err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			account.Verify(cvmemulator.JSON{"match": cvmemulator.JSON{"action": "RenewInstances", "code": "OK"}, "exactly": 1})
		})
	}
}

func TestUnmodifiedProgramTrustsNobodyElse(t *testing.T) {
	t.Parallel()
	account := cvmemulator.NewAccount(t)
	output, err := runProgram(account, "https", "HTTPS_PROXY="+account.URL, "SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/nonexistent")
	if err == nil || !strings.Contains(output, "certificate signed by unknown authority") {
		t.Errorf("got %v, want an unknown authority\n%s", err, output)
	}
	account.Verify(cvmemulator.JSON{"exactly": 0})
}

func TestNoProxy(t *testing.T) {
	const emulator, none = "http://127.0.0.1:8213", "none"
	for _, example := range []struct{ noProxy, cvm, address, name string }{
		{"", emulator, none, none}, // calls to this machine never go through a proxy
		{"localhost,127.0.0.1", emulator, none, none},
		{"tencentcloudapi.com", none, none, none},
		{".tencentcloudapi.com", none, none, none},
		{"*.tencentcloudapi.com", none, none, none},
		{"*", none, none, none},
		{"tencentcloud.com", emulator, none, none},
	} {
		example := example
		t.Run(example.noProxy, func(t *testing.T) {
			t.Parallel()
			program := exec.Command(os.Args[0], "https://cvm.tencentcloudapi.com", "https://127.0.0.1:8443", "https://localhost:8443")
			program.Env = []string{unmodifiedProgram + "=proxies", "HTTPS_PROXY=" + emulator, "NO_PROXY=" + example.noProxy}
			output, err := program.CombinedOutput()
			want := strings.Join([]string{example.cvm, example.address, example.name, ""}, "\n")
			if err != nil || string(output) != want {
				t.Errorf("%v, got %q, want %q", err, output, want)
			}
		})
	}
}

func runProgram(account *cvmemulator.Account, scheme string, variables ...string) (output string, err error) {
	program := exec.Command(os.Args[0])
	program.Env = append([]string{
		unmodifiedProgram + "=" + scheme,
		"TENCENTCLOUD_SECRET_ID=" + account.SecretID,
		"TENCENTCLOUD_SECRET_KEY=" + account.SecretKey,
	}, variables...)
	var text bytes.Buffer
	program.Stdout, program.Stderr = &text, &text
	err = program.Run()
	return text.String(), err
}
