//! The emulator's process, its control API, and an account for each test.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::Outcome;

pub type Answer = Result<Value, Box<dyn std::error::Error + Send + Sync>>;

/// Ends when it goes out of scope.
pub struct Emulator {
    process: Child,
    pub url: String,
}

impl Emulator {
    pub fn start() -> Self {
        let binary = env::var("CVM_EMULATOR_BINARY").unwrap_or("cvm-renewal-emulator".to_owned());
        let mut command = Command::new(&binary);
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../account.json");
        command.args(["--port", "0", "--log-level", "warn", "--fixtures", fixtures]);
        // A developer's own settings must not reach it.
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CVM_EMULATOR_")) {
            command.env_remove(name);
        }
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{binary}: {error}"));
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        let url = output.lines().map_while(Result::ok).find_map(|line| Some(line.strip_prefix("Ready. ")?.to_owned()));
        Self { process, url: url.expect("the emulator ended without its ready line") }
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    pub async fn ca(&self) -> Result<Vec<u8>, reqwest::Error> {
        let answer = reqwest::get(format!("{}/_emulator/ca.pem", self.url)).await?;
        Ok(answer.bytes().await?.to_vec())
    }

    pub async fn account(&self, settings: &Value) -> Result<Account, Box<dyn std::error::Error + Send + Sync>> {
        let made = control(&self.url, "POST", "accounts", settings).await?;
        let text = |name: &str| made[name].as_str().map(str::to_owned);
        Ok(Account {
            url: self.url.clone(),
            uin: text("Uin").ok_or("no Uin")?,
            secret_id: text("SecretId").ok_or("no SecretId")?,
            secret_key: text("SecretKey").ok_or("no SecretKey")?,
            token: text("Token"),
        })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It has ended already if this fails.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A copy of the default account, with a key pair of its own.
#[derive(Clone)]
pub struct Account {
    url: String,
    uin: String,
    pub secret_id: String,
    pub secret_key: String,
    pub token: Option<String>,
}

impl Account {
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Answer {
        control(&self.url, method, &format!("{path}?account={}", self.uin), body).await
    }

    /// The first call of the action meets the fault.
    pub async fn fail_once(&self, action: &str, then: Value) -> Outcome {
        let fault = json!({"match": {"action": action}, "when": {"nth": 1}, "then": then});
        self.control("POST", "faults", &fault).await.map(drop)
    }

    /// Whether the journal has so many calls of the action.
    pub async fn expect_calls(&self, action: &str, count: u32) -> Outcome {
        let verdict = self.control("POST", "requests/verify", &json!({"match": {"action": action}, "exactly": count})).await?;
        match verdict["why"].as_str() {
            Some(why) => Err(why.into()),
            None => Ok(()),
        }
    }

    /// Whether the ledger has so many payments of a month of ins-r8hr2upy.
    pub async fn expect_payments(&self, count: usize) -> Outcome {
        let ledger = self.control("GET", "ledger", &Value::Null).await?;
        let lines = ledger["lines"].as_array().ok_or("no lines")?;
        let paid = lines.iter().filter(|line| line["Cause"] == "request" && line["Amount"] == 7650).count();
        if paid == count { Ok(()) } else { Err(format!("{paid} payments instead of {count}: {lines:?}").into()) }
    }
}

async fn control(url: &str, method: &str, path: &str, body: &Value) -> Answer {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
    let mut request = client.request(method.parse()?, format!("{url}/_emulator/{path}"));
    if !body.is_null() {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let answer = request.send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        return Err(format!("{method} {path}: {status} {text}").into());
    }
    Ok(serde_json::from_str(&text)?)
}
