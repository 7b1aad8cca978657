//! What the crate does when the answer to a renewal is lost: one call, one error, and the money is gone. What a retry
//! around it does, without a look and with one.

use std::{sync::Arc, time::Duration};

use libtest_mimic::Trial;
use serde_json::{Value, json};
use tencentcloud_sdk::{CommonClient, RequestOptions, SdkError};

use crate::{
    Outcome,
    emulator::{Account, Emulator},
    sdk, test,
};

pub fn tests(emulator: &Arc<Emulator>) -> Vec<Trial> {
    vec![
        test("a lost answer: a Transport error, one call, paid once", emulator, lost),
        test("a lost answer on a connection in use: a Transport error, one call, paid once", emulator, lost_on_a_connection_in_use),
        test("502 after the work: a Protocol error, one call, paid once", emulator, bad_gateway),
        test("half an answer: a Transport error, one call, paid once", emulator, truncated),
        test("a late answer: a Timeout, one call, paid once", emulator, late),
        test("RequestLimitExceeded: a Service error, one call, nothing paid", emulator, refused),
        test("a retry of every error pays twice", emulator, blind_retry),
        test("renew_once and a lost answer: paid once", emulator, renew_once_after_a_lost_answer),
        test("renew_once and a refused call: paid once", emulator, renew_once_after_a_refused_call),
        test("renew_once and a wrong call: the error", emulator, renew_once_gives_up),
    ]
}

/// An account whose first renewal meets the fault, and a client of it.
async fn failing(emulator: &Emulator, then: Value) -> Result<(Account, CommonClient), Box<dyn std::error::Error + Send + Sync>> {
    let account = emulator.account(&json!({})).await?;
    account.fail_once("RenewInstances", then).await?;
    let cvm = sdk::cvm(emulator, &account).await?;
    Ok((account, cvm))
}

fn answer_is_lost() -> Value {
    json!({"commit_then_fail": true, "drop": true})
}

fn renewal() -> Value {
    json!({"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}})
}

async fn renew(cvm: &CommonClient) -> Result<(), SdkError> {
    cvm.call::<_, Value>("RenewInstances", &renewal()).await.map(drop)
}

async fn expect(account: &Account, calls: u32, payments: usize) -> Outcome {
    account.expect_calls("RenewInstances", calls).await?;
    account.expect_payments(payments).await
}

async fn lost(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, answer_is_lost()).await?;
    let told = renew(&cvm).await;
    assert!(matches!(told, Err(SdkError::Transport(_))), "{told:?}");
    expect(&account, 1, 1).await
}

async fn lost_on_a_connection_in_use(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, answer_is_lost()).await?;
    cvm.call::<_, Value>("DescribeInstances", &json!({})).await?;
    let told = renew(&cvm).await;
    assert!(matches!(told, Err(SdkError::Transport(_))), "{told:?}");
    expect(&account, 1, 1).await
}

async fn bad_gateway(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, json!({"commit_then_fail": true, "status": 502})).await?;
    let told = renew(&cvm).await;
    assert!(matches!(&told, Err(SdkError::Protocol { status, .. }) if status.as_u16() == 502), "{told:?}");
    expect(&account, 1, 1).await
}

async fn truncated(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, json!({"truncate": 10})).await?;
    let told = renew(&cvm).await;
    assert!(matches!(told, Err(SdkError::Transport(_))), "{told:?}");
    expect(&account, 1, 1).await
}

async fn late(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, json!({"delay_ms": 60_000})).await?;
    let patience = RequestOptions::default().timeout(Duration::from_secs(2));
    let told = cvm.call_with_options::<_, Value>("RenewInstances", &renewal(), &patience).await;
    assert!(matches!(told, Err(SdkError::Timeout)), "{:?}", told.err());
    expect(&account, 1, 1).await
}

async fn refused(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, json!({"error": "RequestLimitExceeded"})).await?;
    let told = renew(&cvm).await;
    assert!(matches!(&told, Err(SdkError::Service(error)) if error.code == "RequestLimitExceeded"), "{told:?}");
    expect(&account, 1, 0).await
}

async fn blind_retry(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, answer_is_lost()).await?;
    while renew(&cvm).await.is_err() {}
    expect(&account, 2, 2).await
}

// snippet: once
async fn expiry(cvm: &CommonClient, instance: &str) -> Result<Value, SdkError> {
    let seen = cvm.call::<_, Value>("DescribeInstances", &json!({"InstanceIds": [instance]})).await?;
    Ok(seen.data["InstanceSet"][0]["ExpiredTime"].clone())
}

/// Renews by a month, once, also when answers are lost: looks before it calls again.
async fn renew_once(cvm: &CommonClient, instance: &str) -> Result<(), SdkError> {
    let before = expiry(cvm, instance).await?;
    let renewal = json!({"InstanceIds": [instance], "InstanceChargePrepaid": {"Period": 1}});
    let mut tries_left = 3;
    while let Err(error) = cvm.call::<_, Value>("RenewInstances", &renewal).await {
        tries_left -= 1;
        if expiry(cvm, instance).await? != before {
            return Ok(());
        }
        let refused = matches!(&error, SdkError::Service(error) if !error.code.starts_with("RequestLimitExceeded"));
        if refused || tries_left == 0 {
            return Err(error);
        }
    }
    Ok(())
}
// snippet: end

async fn renew_once_after_a_lost_answer(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, answer_is_lost()).await?;
    renew_once(&cvm, "ins-r8hr2upy").await?;
    expect(&account, 1, 1).await
}

async fn renew_once_after_a_refused_call(emulator: Arc<Emulator>) -> Outcome {
    let (account, cvm) = failing(&emulator, json!({"error": "RequestLimitExceeded"})).await?;
    renew_once(&cvm, "ins-r8hr2upy").await?;
    expect(&account, 2, 1).await
}

async fn renew_once_gives_up(emulator: Arc<Emulator>) -> Outcome {
    let account = emulator.account(&json!({})).await?;
    let told = renew_once(&sdk::cvm(&emulator, &account).await?, "ins-postpaid").await;
    let code = "UnsupportedOperation.InstanceChargeType";
    assert!(matches!(&told, Err(SdkError::Service(error)) if error.code == code), "{told:?}");
    expect(&account, 1, 0).await
}
