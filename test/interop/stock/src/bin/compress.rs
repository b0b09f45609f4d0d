//! `compress CORE ELF OUT`: the compressed proof of a core proof's shards, by the stock
//! recursion prover, composed in the order of sp1-proof(7), Recursion tree (the stock service
//! composes what is there as it comes).  With RAYON_NUM_THREADS=1 each grinding witness is the
//! smallest, so that it is what ours makes of the same shards.  At most 25 of them.
use slop_algebra::AbstractField;
use sp1_core_machine::riscv::RiscvAir;
use sp1_hypercube::prover::{AirProver, CpuShardProver, ProverSemaphore};
use sp1_hypercube::{inner_perm, HashableKey, SP1PcsProofInner, SP1RecursionProof};
use sp1_primitives::{SP1ExtensionField, SP1Field, SP1GlobalContext};
use sp1_prover::recursion::{
    compose_program_from_input, normalize_program_from_input, recursive_verifier, RecursionVks,
};
use sp1_prover::shapes::{SP1RecursionProofShape, DEFAULT_ARITY};
use sp1_prover::{CpuSP1ProverComponents, SP1ProverComponents};
use sp1_recursion_circuit::machine::{
    SP1CompressWithVKeyWitnessValues, SP1MerkleProofWitnessValues, SP1NormalizeWitnessValues,
    SP1ShapedWitnessValues,
};
use sp1_recursion_circuit::witness::Witnessable;
use sp1_recursion_compiler::config::InnerConfig;
use sp1_recursion_executor::{Executor, RecursionProgram};
use sp1_sdk::blocking::{LightProver, Prover as _};
use sp1_sdk::{Elf, ProvingKey, SP1Proof, SP1ProofWithPublicValues};
use std::sync::Arc;
use std::time::Instant;

type Components = CpuSP1ProverComponents;
type Prover = <Components as SP1ProverComponents>::RecursionProver;
type Node = SP1RecursionProof<SP1GlobalContext, SP1PcsProofInner>;

struct Tree {
    keys: RecursionVks,
    shape: SP1RecursionProofShape,
    prover: Prover,
    runtime: tokio::runtime::Runtime,
}

impl Tree {
    fn node<W: Witnessable<InnerConfig>>(
        &self,
        mut program: RecursionProgram<SP1Field>,
        witness: &W,
    ) -> Node {
        let start = Instant::now();
        program.shape = Some(self.shape.shape.clone());
        let program = Arc::new(program);
        let mut blocks = Vec::new();
        Witnessable::<InnerConfig>::write(witness, &mut blocks);
        let mut run =
            Executor::<SP1Field, SP1ExtensionField, _>::new(program.clone(), inner_perm());
        run.witness_stream = blocks.into();
        run.run().expect("a run of a recursion program");
        let (vk, proof, _) = self.runtime.block_on(AirProver::setup_and_prove_shard(
            &self.prover,
            program,
            run.record,
            None,
            ProverSemaphore::new(1),
        ));
        let (_, vk_merkle_proof) = self.keys.open(&vk).expect("an allowed key");
        println!("# node seconds {:.1}", start.elapsed().as_secs_f64());
        SP1RecursionProof { vk, proof, vk_merkle_proof }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let compress = Components::compress_verifier();
    let core = Components::core_verifier(RiscvAir::machine());
    let in_core = recursive_verifier::<SP1GlobalContext, _, InnerConfig>(core.shard_verifier());
    let in_compress =
        recursive_verifier::<SP1GlobalContext, _, InnerConfig>(compress.shard_verifier());
    let tree = Tree {
        keys: RecursionVks::new(None, DEFAULT_ARITY, true),
        shape: SP1RecursionProofShape::retrieve_or_compute_reduce_shape(
            RiscvAir::machine(),
            DEFAULT_ARITY,
        ),
        prover: CpuShardProver::new(compress.shard_verifier().clone()),
        runtime: tokio::runtime::Runtime::new().expect("threads"),
    };

    let saved = SP1ProofWithPublicValues::load(&args[1]).expect("a proof");
    let (public_values, version) = (saved.public_values.clone(), saved.sp1_version.clone());
    let SP1Proof::Core(shards) = saved.proof else { panic!("not a core proof") };
    let elf = Elf::from(std::fs::read(&args[2]).expect("a program"));
    let pk = LightProver::new().setup(elf).expect("a key");
    let vk = pk.verifying_key();
    let only = shards.len() == 1;
    let mut row = Vec::new();
    for shard in shards {
        let input = SP1NormalizeWitnessValues {
            vk: vk.vk.clone(),
            shard_proofs: vec![shard],
            is_complete: only,
            vk_root: tree.keys.root(),
            reconstruct_deferred_digest: [SP1Field::zero(); 8],
            num_deferred_proofs: SP1Field::zero(),
        };
        row.push(tree.node(normalize_program_from_input(&in_core, &input), &&input));
    }
    assert!(row.len() <= 25);
    while row.len() > 1 {
        let rest = row.split_off(row.len().min(DEFAULT_ARITY));
        let arity = row.len();
        let values = row.iter().map(|n| n.vk.hash_koalabear()).collect();
        let (vks_and_proofs, vk_merkle_proofs) =
            row.into_iter().map(|n| ((n.vk, n.proof), n.vk_merkle_proof)).unzip();
        let input = SP1CompressWithVKeyWitnessValues {
            compress_val: SP1ShapedWitnessValues {
                vks_and_proofs,
                is_complete: rest.is_empty(),
            },
            merkle_val: SP1MerkleProofWitnessValues {
                root: tree.keys.root(),
                values,
                vk_merkle_proofs,
            },
        };
        let any = tree.shape.dummy_input(
            arity,
            tree.keys.height(),
            compress.shard_verifier().machine().chips().iter().cloned().collect(),
            compress.max_log_row_count(),
            *compress.fri_config(),
            compress.log_stacking_height() as usize,
        );
        row = vec![tree.node(compose_program_from_input(&in_compress, true, &any), &&input)];
        row.extend(rest);
    }
    let root = Box::new(row.pop().expect("a shard"));
    let proof = SP1ProofWithPublicValues::new(SP1Proof::Compressed(root), public_values, version);
    LightProver::new().verify(&proof, vk, None).expect("the stock verifier accepts it");
    proof.save(&args[3]).expect(&args[3]);
}
