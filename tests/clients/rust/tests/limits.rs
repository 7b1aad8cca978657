//! What the crate does not do, which is why the tests have a transport of their own and no "http proxy".

use std::sync::Arc;

use libtest_mimic::Trial;
use serde_json::{Value, json};
use tencentcloud_sdk::{Client, CommonClient, Endpoint, SdkError};

use crate::{Outcome, emulator::Emulator, sdk, test};

pub fn tests(emulator: &Arc<Emulator>) -> Vec<Trial> {
    vec![
        test("plain HTTP is for numeric loopback addresses alone", emulator, plain_http_to_names),
        test("the SDK's own transport does not trust the emulator", emulator, untrusted),
    ]
}

async fn plain_http_to_names(_: Arc<Emulator>) -> Outcome {
    for url in ["http://localhost:8213", "http://cvm.tencentcloudapi.com"] {
        let made = Endpoint::loopback_http(url);
        assert!(matches!(made, Err(SdkError::Configuration(_))), "{url}: {made:?}");
    }
    Ok(())
}

async fn untrusted(emulator: Arc<Emulator>) -> Outcome {
    let account = emulator.account(&json!({})).await?;
    let client = Client::builder().credentials(sdk::credentials(&account)?).region("ap-guangzhou");
    let endpoint = Endpoint::https(&format!("https://{}", emulator.address()))?;
    let cvm = CommonClient::new(client.endpoint("cvm", endpoint).build()?, "cvm", "2017-03-12")?;
    let told = cvm.call::<_, Value>("DescribeInstances", &json!({})).await;
    assert!(matches!(told, Err(SdkError::Transport(_))), "{:?}", told.err());
    account.expect_calls("DescribeInstances", 0).await
}
