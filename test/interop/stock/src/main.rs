//! The stock SDK beside ours, a line of work at a time:
//!
//!     stock verify   lines PROOF ELF               -> "PROOF valid SECONDS" or "PROOF invalid: why"
//!     stock client   lines URL ELF STDIN OUT [compressed] -> a proof, core without the word, through a
//!                                                     network client, verified
//!     stock prove    lines ELF STDIN OUT           -> a core proof by the stock service: time, memory, phases
//!     stock compress lines ELF STDIN OUT           -> a compressed one
//!     stock groth16  lines PROOF VK_HASH           -> as verify does, by the verifier without an ELF
//!
//! The client's key is in NETWORK_PRIVATE_KEY.
use sp1_sdk::blocking::{LightProver, ProveRequest, Prover, ProverClient};
use sp1_sdk::network::{FulfillmentStrategy, NetworkMode};
use sp1_sdk::{Elf, ProvingKey, SP1ProofWithPublicValues, SP1Stdin, StatusCode};
use sp1_verifier::{Groth16Verifier, GROTH16_VK_BYTES};
use std::fmt::Display;
use std::io::{BufRead, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The spans of a shard's proof, and what our prover's timings call them; a wait within one
/// counts against it.
const PHASES: [(&str, &str, f64); 7] = [
    ("generate main traces", "trace", 1.0),
    ("generate full traces", "trace", 1.0),
    ("acquire prover", "trace", -1.0),
    ("commit traces", "commit", 1.0),
    ("logup gkr proof", "gkr", 1.0),
    ("zerocheck", "zerocheck", 1.0),
    ("prove evaluation claims", "openings", 1.0),
];

/// How long spans of each name lasted, those of several shards added up.
#[derive(Clone, Default)]
struct Phases(Arc<Mutex<[Duration; PHASES.len()]>>);

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Phases {
    fn enabled(&self, of: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        of.is_span() && PHASES.iter().any(|p| p.0 == of.name())
    }

    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("a new span");
        span.extensions_mut().insert(Instant::now());
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).expect("a span that closes");
        let kept = span.extensions();
        let begun = kept.get::<Instant>().expect("its beginning");
        let phase = PHASES.iter().position(|p| p.0 == span.name()).expect("a phase");
        self.0.lock().expect("a lock")[phase] += begun.elapsed();
    }
}

impl Phases {
    fn text(&self) -> String {
        let spent = std::mem::take(&mut *self.0.lock().expect("a lock"));
        let each = PHASES.iter().zip(spent);
        each.map(|(p, t)| format!(" {} {:.2}", p.1, p.2 * t.as_secs_f64())).collect()
    }
}

fn elf(path: &str) -> Elf {
    Elf::from(std::fs::read(path).expect(path))
}

fn input(path: &str) -> SP1Stdin {
    bincode::deserialize(&std::fs::read(path).expect(path)).expect("an SP1Stdin")
}

fn first_line(text: String) -> String {
    text.lines().next().unwrap_or("").to_string()
}

/// Peak resident memory of this process in kB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.and_then(|l| l.split_whitespace().nth(1)).unwrap_or("0").to_string()
}

fn verify<K: ProvingKey, E: Display>(
    prover: &LightProver,
    proof: &str,
    key: &Result<K, E>,
) -> String {
    let loaded = match SP1ProofWithPublicValues::load(proof) {
        Ok(loaded) => loaded,
        Err(e) => return format!("malformed: {}", first_line(e.to_string())),
    };
    let key = match key {
        Ok(key) => key,
        Err(e) => return format!("no key: {e}"),
    };
    let start = Instant::now();
    match catch_unwind(AssertUnwindSafe(|| prover.verify(&loaded, key.verifying_key(), None))) {
        Ok(Ok(())) => format!("valid {:.3}", start.elapsed().as_secs_f64()),
        Ok(Err(e)) => format!("invalid: {}", first_line(e.to_string())),
        Err(_) => "invalid: panic".to_string(),
    }
}

fn client(url: &str, guest: &str, stdin: &str, out: &str, compress: bool) -> String {
    let prover = ProverClient::builder().network_for(NetworkMode::Reserved).rpc_url(url).build();
    let key = match prover.setup(elf(guest)) {
        Ok(key) => key,
        Err(e) => return format!("no key: {e}"),
    };
    let request = prover.prove(&key, input(stdin)).strategy(FulfillmentStrategy::Reserved);
    let start = Instant::now();
    match if compress { request.compressed().run() } else { request.core().run() } {
        Ok(proof) => {
            let verdict = prover.verify(&proof, key.verifying_key(), None);
            proof.save(out).expect(out);
            match verdict {
                Ok(()) => format!("valid {:.1}", start.elapsed().as_secs_f64()),
                Err(e) => format!("invalid: {}", first_line(e.to_string())),
            }
        }
        Err(e) => format!("error {}", first_line(format!("{e:#}"))),
    }
}

fn groth16(path: &str, vk_hash: &str) -> String {
    let loaded = match SP1ProofWithPublicValues::load(path) {
        Ok(loaded) => loaded,
        Err(e) => return format!("malformed: {}", first_line(e.to_string())),
    };
    let (proof, values) = (loaded.bytes(), loaded.public_values.to_vec());
    let start = Instant::now();
    match Groth16Verifier::verify(&proof, &values, vk_hash, &GROTH16_VK_BYTES) {
        Ok(()) => format!("valid {:.5}", start.elapsed().as_secs_f64()),
        Err(e) => format!("invalid: {}", first_line(e.to_string())),
    }
}

fn prove(compress: bool) {
    let phases = Phases::default();
    let subscriber = tracing_subscriber::registry().with(phases.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
    let prover = ProverClient::builder().cpu().build();
    each(|w| {
        let key = prover.setup(elf(w[0])).expect("a key");
        let start = Instant::now();
        phases.text();
        let request = prover.prove(&key, input(w[1])).expected_exit_code(StatusCode::ANY);
        let proof = if compress { request.compressed().run() } else { request.core().run() };
        match proof {
            Ok(proof) => {
                let seconds = start.elapsed().as_secs_f64();
                proof.save(w[2]).expect(w[2]);
                format!("seconds {seconds:.1} peak_kB {}{}", peak(), phases.text())
            }
            Err(e) => format!("error {}", first_line(e.to_string())),
        }
    })
}

fn each(mut f: impl FnMut(&[&str]) -> String) {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line of text");
        let words: Vec<&str> = line.split_whitespace().collect();
        println!("{} {}", line, f(&words));
        std::io::stdout().flush().expect("standard output");
    }
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("verify") => {
            let prover = LightProver::new();
            // A key takes seconds: the last one is kept.
            let mut last: Option<(String, _)> = None;
            each(|w| {
                if !last.as_ref().is_some_and(|(guest, _)| guest == w[1]) {
                    last = Some((w[1].to_string(), prover.setup(elf(w[1]))));
                }
                verify(&prover, w[0], &last.as_ref().expect("a key").1)
            })
        }
        Some("client") => {
            each(|w| client(w[0], w[1], w[2], w[3], w.get(4) == Some(&"compressed")))
        }
        Some("prove") => prove(false),
        Some("compress") => prove(true),
        Some("groth16") => each(|w| groth16(w[0], w[1])),
        _ => {
            eprintln!("usage: stock verify|client|prove|compress|groth16 < lines");
            std::process::exit(64)
        }
    }
}
