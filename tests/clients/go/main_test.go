// Package clients holds the Go SDK, unmodified, to tests/clients/cases.json, and shows what it does by itself.
package clients

import (
	"os"
	"path/filepath"
	"testing"

	cvmemulator "cvm-renewal-emulator/tests/clients/go/helper"
)

func TestMain(m *testing.M) {
	switch os.Getenv(unmodifiedProgram) {
	case "":
	case "proxies":
		os.Exit(tellProxies(os.Args[1:]))
	default:
		os.Exit(renewFromEnvironment())
	}
	account, err := filepath.Abs("../account.json")
	if err != nil {
		panic(err)
	}
	cvmemulator.Main(m, "--fixtures", account)
}
