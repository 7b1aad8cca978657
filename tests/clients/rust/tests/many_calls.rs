//! Many calls over one connection, and at once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::try_join_all;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tencentcloud_sdk::{Client, CommonClient, Endpoint, SdkError};
use tokio::net::{TcpListener, TcpStream};

use crate::{Outcome, emulator::Emulator, sdk, test};

pub fn tests(emulator: &Arc<Emulator>) -> Vec<Trial> {
    vec![
        test("200 calls over one connection", emulator, over_one_connection),
        test("50 calls at once in 50 accounts", emulator, at_once),
        test("temporary keys need their token", emulator, without_token),
    ]
}

/// A way to the emulator that counts its connections.
async fn counting_relay(to: String) -> std::io::Result<(String, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let mut server = TcpStream::connect(&to).await?;
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut server).await });
        }
        std::io::Result::Ok(())
    });
    Ok((url, connections))
}

async fn over_one_connection(emulator: Arc<Emulator>) -> Outcome {
    let account = emulator.account(&json!({})).await?;
    let (url, connections) = counting_relay(emulator.address().to_owned()).await?;
    let client = Client::builder().credentials(sdk::credentials(&account)?).region("ap-guangzhou");
    let cvm = CommonClient::new(client.endpoint("cvm", Endpoint::loopback_http(&url)?).build()?, "cvm", "2017-03-12")?;
    for _ in 0..200 {
        cvm.call::<_, Value>("DescribeInstances", &json!({})).await?;
    }
    assert_eq!(connections.load(Ordering::Relaxed), 1, "connections");
    account.expect_calls("DescribeInstances", 200).await
}

async fn at_once(emulator: Arc<Emulator>) -> Outcome {
    let renewals = (0..50).map(async |_| {
        let account = emulator.account(&json!({})).await?;
        let renewal = json!({"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}});
        sdk::cvm(&emulator, &account).await?.call::<_, Value>("RenewInstances", &renewal).await?;
        account.expect_calls("RenewInstances", 1).await?;
        account.expect_payments(1).await
    });
    try_join_all(renewals).await.map(drop)
}

async fn without_token(emulator: Arc<Emulator>) -> Outcome {
    let mut account = emulator.account(&json!({"expires_in": "PT1H"})).await?;
    account.token = None;
    match sdk::cvm(&emulator, &account).await?.call::<_, Value>("DescribeInstances", &json!({})).await {
        Err(SdkError::Service(error)) if error.code == "AuthFailure.TokenFailure" => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Err("answered".into()),
    }
}
