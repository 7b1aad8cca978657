module cvm-renewal-emulator/tests/clients/go

go 1.19

require (
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.211
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm v1.3.130
)
