// The verdicts of dcap-qvl.  Standard input has lines "QUOTE COLLATERAL NOW", of files;
// standard output gets "STATUS ADVISORY,..." or "fail REASON" for each.  --bench N: of the
// first line's quote the best and the median time of N verifications, in microseconds.
use dcap_qvl::{verify::QuoteVerifier, QuoteCollateralV3};
use std::{collections::HashMap, env, fs, io, io::BufRead, time::Instant};

fn bench(quote: &[u8], collateral: &QuoteCollateralV3, now: u64, n: usize) {
    let verifier = QuoteVerifier::new_prod();
    let mut t: Vec<f64> = (0..n)
        .map(|_| {
            let start = Instant::now();
            verifier.verify(quote, collateral, now).expect("valid");
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    t.sort_by(f64::total_cmp);
    println!("dcap-qvl\t{:.1}\t{:.1}", t[0], t[n / 2]);
}

fn main() {
    let times = env::args().nth(2).map(|n| n.parse().expect("a number"));
    let verifier = QuoteVerifier::new_prod();
    let mut known = HashMap::new();
    for line in io::stdin().lock().lines() {
        let line = line.expect("a line");
        let word: Vec<&str> = line.split(' ').collect();
        let quote = fs::read(word[0]).expect("a quote");
        let now = word[2].parse().expect("a time");
        let collateral: &QuoteCollateralV3 =
            known.entry(word[1].to_string()).or_insert_with(|| {
                let text = fs::read(word[1]).expect("collateral");
                serde_json::from_slice(&text).expect("collateral")
            });
        if let Some(n) = times {
            return bench(&quote, collateral, now, n);
        }
        match verifier.verify(&quote, collateral, now) {
            Ok(r) => println!("{} {}", r.status, r.advisory_ids.join(",")),
            Err(e) => println!("fail {}", format!("{e:#}").replace('\n', " ")),
        }
    }
}
