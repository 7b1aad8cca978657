//! The first renewal of the docs.

// snippet: first
use serde_json::{Value, json};
use tencentcloud_sdk::{Client, CommonClient, Credentials, Endpoint};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("CVM_EMULATOR_URL").unwrap_or("http://127.0.0.1:8213".to_owned());
    let client = Client::builder()
        .credentials(Credentials::new("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")?)
        .region("ap-guangzhou")
        .endpoint("cvm", Endpoint::loopback_http(&url)?)
        .build()?;
    let cvm = CommonClient::new(client, "cvm", "2017-03-12")?;
    let renewal = json!({"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}});
    cvm.call::<_, Value>("RenewInstances", &renewal).await?;
    let seen = cvm.call::<_, Value>("DescribeInstances", &json!({"InstanceIds": ["ins-r8hr2upy"]})).await?;
    println!("{}", seen.data["InstanceSet"][0]["ExpiredTime"]);
    Ok(())
}
// snippet: end
