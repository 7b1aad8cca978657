module example.com/renewal

go 1.26.0

require (
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.130
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/cvm v1.3.130
	github.com/testcontainers/testcontainers-go v0.45.0
)
