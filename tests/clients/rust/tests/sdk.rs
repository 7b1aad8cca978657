//! The SDK's client of an account, by each way to the emulator.

use std::error::Error;

use tencentcloud_sdk::{Client, ClientBuilder, CommonClient, Credentials, Endpoint};

use crate::{
    emulator::{Account, Emulator},
    transport::EmulatorTransport,
};

pub const SDK: &str = "tencentcloud-sdk (Rust) 0.2.1";

/// The only dialect that the crate speaks.
pub const DIALECT: &str = "TC3-HMAC-SHA256 POST";

/// No "http proxy": without an endpoint the crate always calls https://SERVICE.tencentcloudapi.com, and it allows plain
/// HTTP to numeric loopback addresses alone.
pub const TRANSPORTS: [&str; 3] = ["http", "https", "https proxy"];

const SERVICES: [&str; 4] = ["billing", "cbs", "cvm", "tag"];

pub fn credentials(account: &Account) -> Result<Credentials, tencentcloud_sdk::SdkError> {
    let pair = Credentials::new(&account.secret_id, &account.secret_key)?;
    match &account.token {
        Some(token) => pair.with_token(token),
        None => Ok(pair),
    }
}

pub async fn builder(emulator: &Emulator, transport: &str) -> Result<ClientBuilder, Box<dyn Error + Send + Sync>> {
    let client = Client::builder().region("ap-guangzhou");
    if transport == "http" {
        return everywhere(client, &Endpoint::loopback_http(&emulator.url)?);
    }
    let ca = emulator.ca().await?;
    if transport == "https" {
        let client = client.transport(EmulatorTransport::new(&ca, None)?);
        return everywhere(client, &Endpoint::https(&format!("https://{}", emulator.address()))?);
    }
    Ok(client.transport(EmulatorTransport::new(&ca, Some(&emulator.url))?))
}

fn everywhere(client: ClientBuilder, endpoint: &Endpoint) -> Result<ClientBuilder, Box<dyn Error + Send + Sync>> {
    Ok(SERVICES.into_iter().fold(client, |client, service| client.endpoint(service, endpoint.clone())))
}

/// CVM over plain HTTP.
pub async fn cvm(emulator: &Emulator, account: &Account) -> Result<CommonClient, Box<dyn Error + Send + Sync>> {
    let client = builder(emulator, "http").await?.credentials(credentials(account)?).build()?;
    Ok(CommonClient::new(client, "cvm", "2017-03-12")?)
}
