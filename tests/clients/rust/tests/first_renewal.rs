//! The program of the docs, in the default account.

use std::sync::Arc;

use libtest_mimic::Trial;
use tokio::process::Command;

use crate::{Outcome, emulator::Emulator, test};

pub fn tests(emulator: &Arc<Emulator>) -> Vec<Trial> {
    vec![test("the first renewal of the docs", emulator, first_renewal)]
}

async fn first_renewal(emulator: Arc<Emulator>) -> Outcome {
    let program = Command::new(env!("CARGO_BIN_EXE_first_renewal")).env("CVM_EMULATOR_URL", &emulator.url).output().await?;
    assert_eq!(String::from_utf8(program.stdout)?.trim(), "\"2030-02-28T08:00:00Z\"", "{}", String::from_utf8_lossy(&program.stderr));
    Ok(())
}
