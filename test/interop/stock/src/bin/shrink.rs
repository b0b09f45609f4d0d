//! `shrink COMPRESSED OUT`: the shrink proof over a compressed one, as the stock prover makes
//! it on the way to a SNARK, which none of its files holds: key, shard, the key's place
//! among those allowed, in bincode.
use sp1_core_machine::riscv::RiscvAir;
use sp1_hypercube::prover::{AirProver, CpuShardProver, ProverSemaphore};
use sp1_hypercube::{inner_perm, HashableKey, SP1RecursionProof};
use sp1_primitives::{SP1ExtensionField, SP1Field, SP1GlobalContext};
use sp1_prover::recursion::{recursive_verifier, shrink_program_from_input, RecursionVks};
use sp1_prover::shapes::{SP1RecursionProofShape, DEFAULT_ARITY};
use sp1_prover::{CpuSP1ProverComponents, SP1ProverComponents};
use sp1_recursion_circuit::machine::{
    SP1CompressWithVKeyWitnessValues, SP1MerkleProofWitnessValues, SP1ShapedWitnessValues,
};
use sp1_recursion_circuit::witness::Witnessable;
use sp1_recursion_compiler::config::InnerConfig;
use sp1_recursion_executor::Executor;
use sp1_sdk::{SP1Proof, SP1ProofWithPublicValues};
use std::sync::Arc;
use std::time::Instant;

type Components = CpuSP1ProverComponents;
type Prover = <Components as SP1ProverComponents>::RecursionProver;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let saved = SP1ProofWithPublicValues::load(&args[1]).expect("a proof");
    let SP1Proof::Compressed(inner) = saved.proof else { panic!("not a compressed proof") };
    let SP1RecursionProof { vk, proof, vk_merkle_proof } = *inner;
    let keys = RecursionVks::new(None, DEFAULT_ARITY, true);

    // The program is the same for every compressed proof: all have one shape.
    let shape = SP1RecursionProofShape::retrieve_or_compute_reduce_shape(
        RiscvAir::machine(),
        DEFAULT_ARITY,
    );
    let compress = Components::compress_verifier();
    let shard_verifier = compress.shard_verifier();
    let any = shape.dummy_input(
        1,
        keys.height(),
        shard_verifier.machine().chips().iter().cloned().collect(),
        compress.max_log_row_count(),
        *compress.fri_config(),
        compress.log_stacking_height() as usize,
    );
    let in_circuit = recursive_verifier::<SP1GlobalContext, _, InnerConfig>(shard_verifier);
    let program = Arc::new(shrink_program_from_input(&in_circuit, true, &any));

    let input = SP1CompressWithVKeyWitnessValues {
        merkle_val: SP1MerkleProofWitnessValues {
            root: keys.root(),
            values: vec![vk.hash_koalabear()],
            vk_merkle_proofs: vec![vk_merkle_proof],
        },
        compress_val: SP1ShapedWitnessValues {
            vks_and_proofs: vec![(vk, proof)],
            is_complete: true,
        },
    };
    let mut witness = Vec::new();
    Witnessable::<InnerConfig>::write(&&input, &mut witness);
    let mut run =
        Executor::<SP1Field, SP1ExtensionField, _>::new(program.clone(), inner_perm());
    run.witness_stream = witness.into();
    run.run().expect("a run of the shrink program");

    let verifier = Components::shrink_verifier();
    let prover: Prover = CpuShardProver::new(verifier.shard_verifier().clone());
    let start = Instant::now();
    let (vk, proof, _) =
        tokio::runtime::Runtime::new().expect("threads").block_on(AirProver::setup_and_prove_shard(
            &prover,
            program,
            run.record,
            None,
            ProverSemaphore::new(1),
        ));
    let seconds = start.elapsed().as_secs_f64();
    let mut challenger = verifier.challenger();
    vk.observe_into(&mut challenger);
    verifier.verify_shard(&vk, &proof, &mut challenger).expect("the stock verifier accepts it");
    let (_, vk_merkle_proof) = keys.open(&vk).expect("an allowed key");
    keys.verify(&vk_merkle_proof, &vk).expect("an allowed key");
    let bytes = bincode::serialize(&SP1RecursionProof { vk, proof, vk_merkle_proof }).unwrap();
    std::fs::write(&args[2], &bytes).expect(&args[2]);
    println!("{} seconds {seconds:.1} bytes {}", args[2], bytes.len());
}
