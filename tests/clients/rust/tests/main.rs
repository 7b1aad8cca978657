//! All tests of the crate: one emulator, a test for each case, dialect and transport. The harness is libtest-mimic's
//! because the cases are data; it takes the arguments of `cargo test`.

mod cases;
mod emulator;
mod first_renewal;
mod limits;
mod lost_answers;
mod many_calls;
mod sdk;
mod transport;

use std::{error::Error, future::Future, process::ExitCode, sync::Arc};

use emulator::Emulator;
use libtest_mimic::{Arguments, Failed, Trial};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// A test with a runtime of its own.
fn test<F>(name: impl Into<String>, emulator: &Arc<Emulator>, body: impl FnOnce(Arc<Emulator>) -> F + Send + 'static) -> Trial
where
    F: Future<Output = Outcome>,
{
    let emulator = emulator.clone();
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(body(emulator)).map_err(|error| Failed::from(explain(&*error)))
    })
}

/// The SDK tells the cause of an error only by its source.
fn explain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let emulator = Arc::new(Emulator::start());
    let tests = [
        cases::tests(&emulator),
        many_calls::tests(&emulator),
        lost_answers::tests(&emulator),
        limits::tests(&emulator),
        first_renewal::tests(&emulator),
    ];
    libtest_mimic::run(&arguments, tests.into_iter().flatten().collect()).exit_code()
}
