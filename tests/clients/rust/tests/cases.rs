//! Plays ../cases.json.

use std::{
    env,
    error::Error,
    fs::{self, OpenOptions},
    io::Write,
    sync::Arc,
};

use libtest_mimic::Trial;
use serde_json::{Value, json};
use tencentcloud_sdk::{CommonClient, Language, RequestOptions, SdkError};

use crate::{
    Outcome,
    emulator::Emulator,
    sdk::{self, DIALECT, SDK, TRANSPORTS},
    test,
};

pub fn tests(emulator: &Arc<Emulator>) -> Vec<Trial> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../cases.json");
    let content: Value = serde_json::from_str(&fs::read_to_string(file).expect(file)).expect(file);
    let versions = Arc::new(content["versions"].clone());
    let cases = content["cases"].as_array().expect("cases");
    let mut tests = Vec::new();
    let mut add = |name: String, case: &Value, transport: &'static str, settings: Value| {
        let (versions, case) = (versions.clone(), case.clone());
        tests.push(test(name, emulator, async move |emulator| play(&emulator, &versions, &case, transport, &settings).await));
    };
    for case in cases {
        let name = case["name"].as_str().expect("a case has a name");
        if case["everywhere"] == true {
            for transport in TRANSPORTS {
                add(format!("{name}: {DIALECT}, {transport}"), case, transport, json!({}));
            }
        } else {
            add(name.to_owned(), case, "http", json!({}));
        }
    }
    let first = &cases[0];
    add(format!("{}: temporary keys", first["name"].as_str().expect("a name")), first, "http", json!({"expires_in": "PT1H"}));
    tests
}

async fn play(emulator: &Emulator, versions: &Value, case: &Value, transport: &str, settings: &Value) -> Outcome {
    let account = emulator.account(settings).await?;
    let client = sdk::builder(emulator, transport).await?.credentials(sdk::credentials(&account)?).build()?;
    let mut calls = String::new();
    for step in case["steps"].as_array().ok_or("no steps")? {
        if let Some(request) = step.get("control") {
            account.control(text(request, "method")?, text(request, "path")?, &request["body"]).await?;
            continue;
        }
        // Credentials are the client's, so that another SecretKey takes another client.
        let client = match step["secret_key"].as_str() {
            Some(key) => {
                let mut other = account.clone();
                other.secret_key = key.to_owned();
                sdk::builder(emulator, transport).await?.credentials(sdk::credentials(&other)?).build()?
            }
            None => client.clone(),
        };
        let (service, action) = (text(step, "service")?.to_owned(), text(step, "action")?);
        let service = CommonClient::new(client, service, text(versions, text(step, "service")?)?.to_owned())?;
        call(&service, step).await.map_err(|error| format!("{action} {}: {error}", step["params"]))?;
        calls += &format!("{}\n", json!({"client": SDK, "call": action, "dialect": DIALECT, "transport": transport}));
    }
    if let Ok(file) = env::var("CVM_MATRIX") {
        OpenOptions::new().create(true).append(true).open(file)?.write_all(calls.as_bytes())?;
    }
    Ok(())
}

async fn call(service: &CommonClient, step: &Value) -> Outcome {
    let options = match step["language"].as_str() {
        Some("zh-CN") => RequestOptions::default().language(Language::ZhCn),
        Some("en-US") => RequestOptions::default().language(Language::EnUs),
        Some(other) => return Err(format!("no language {other}").into()),
        None => RequestOptions::default(),
    };
    let answer = service.call_with_options::<_, Value>(text(step, "action")?, &step["params"], &options).await;
    let differences = match (answer, step.get("code")) {
        (Ok(answer), None) => differences(&answer.data, &step["answer"], ""),
        (Err(SdkError::Service(error)), Some(_)) => {
            let expected = json!({"code": step["code"], "message": step.get("message").unwrap_or(&json!(error.message))});
            differences(&json!({"code": error.code, "message": error.message}), &expected, "")
        }
        (Ok(answer), Some(code)) => vec![format!("expected {code}, got {}", answer.data)],
        (Err(SdkError::Service(error)), None) => vec![format!("{}: {}", error.code, error.message)],
        (Err(error), _) => return Err(error.into()),
    };
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) }
}

/// What `got` has otherwise than `expected`. It may have more members; lists have as many elements.
fn differences(got: &Value, expected: &Value, at: &str) -> Vec<String> {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => expected
            .iter()
            .flat_map(|(name, expected)| differences(got.get(name).unwrap_or(&Value::Null), expected, &format!("{at}/{name}")))
            .collect(),
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            let pairs = got.iter().zip(expected).enumerate();
            pairs.flat_map(|(index, (got, expected))| differences(got, expected, &format!("{at}/{index}"))).collect()
        }
        // 992350 and 992350.0 are one number.
        (Value::Number(got), Value::Number(expected)) if got.as_f64() == expected.as_f64() => vec![],
        _ if got == expected => vec![],
        _ => vec![format!("{at}: expected {expected}, got {got}")],
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Box<dyn Error + Send + Sync>> {
    value[name].as_str().ok_or_else(|| format!("no text {name} in {value}").into())
}
