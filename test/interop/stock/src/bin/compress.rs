//! `compress CORE ELF OUT [CARRIED...]`: the compressed proof of a core proof's shards, and of
//! the compressed proofs that the run verified, by the stock recursion prover, composed in the
//! order of sp1-proof(7), Recursion tree (the stock service composes what is there as it
//! comes).  With RAYON_NUM_THREADS=1 each grinding witness is the smallest, so that it is what
//! ours makes of the same shards.  At most 25 of them, of one precompile.
use slop_algebra::AbstractField;
use sp1_core_machine::riscv::RiscvAir;
use sp1_hypercube::air::{SP1CorePublicValues, ShardRange};
use sp1_hypercube::prover::{AirProver, CpuShardProver, ProverSemaphore};
use sp1_hypercube::{inner_perm, HashableKey, SP1PcsProofInner, SP1RecursionProof};
use sp1_primitives::{SP1ExtensionField, SP1Field, SP1GlobalContext};
use sp1_prover::recursion::{
    compose_program_from_input, normalize_program_from_input, recursive_verifier, RecursionVks,
};
use sp1_prover::shapes::{SP1RecursionProofShape, DEFAULT_ARITY};
use sp1_prover::worker::hash_deferred_proofs;
use sp1_prover::{CompressAir, CpuSP1ProverComponents, SP1ProverComponents};
use sp1_recursion_circuit::machine::{
    SP1CompressWithVKeyWitnessValues, SP1DeferredVerifier, SP1DeferredWitnessValues,
    SP1MerkleProofWitnessValues, SP1NormalizeWitnessValues, SP1ShapedWitnessValues,
};
use sp1_recursion_circuit::shard::RecursiveShardVerifier;
use sp1_recursion_circuit::witness::Witnessable;
use sp1_recursion_compiler::circuit::AsmCompiler;
use sp1_recursion_compiler::config::InnerConfig;
use sp1_recursion_compiler::ir::{Builder, DslIrProgram};
use sp1_recursion_executor::{Executor, RecursionProgram};
use sp1_sdk::blocking::{LightProver, Prover as _};
use sp1_sdk::{Elf, ProvingKey, SP1Proof, SP1ProofWithPublicValues};
use std::borrow::Borrow;
use std::sync::Arc;
use std::time::Instant;

type Components = CpuSP1ProverComponents;
type Prover = <Components as SP1ProverComponents>::RecursionProver;
type Node = SP1RecursionProof<SP1GlobalContext, SP1PcsProofInner>;
type Shaped = SP1ShapedWitnessValues<SP1GlobalContext, SP1PcsProofInner>;
type Merkle = SP1MerkleProofWitnessValues<SP1GlobalContext>;
type Deferred = SP1DeferredWitnessValues<SP1GlobalContext, SP1PcsProofInner>;
type InCircuit = RecursiveShardVerifier<SP1GlobalContext, CompressAir<SP1Field>, InnerConfig>;

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

    /// What a program that verifies these reads of them.
    fn shaped(&self, nodes: Vec<Node>, is_complete: bool) -> (Shaped, Merkle) {
        let values = nodes.iter().map(|n| n.vk.hash_koalabear()).collect();
        let (vks_and_proofs, vk_merkle_proofs) =
            nodes.into_iter().map(|n| ((n.vk, n.proof), n.vk_merkle_proof)).unzip();
        (
            SP1ShapedWitnessValues { vks_and_proofs, is_complete },
            SP1MerkleProofWitnessValues { root: self.keys.root(), values, vk_merkle_proofs },
        )
    }
}

fn deferred_program(in_compress: &InCircuit, input: &Deferred) -> RecursionProgram<SP1Field> {
    let mut builder = Builder::<InnerConfig>::default();
    let read = input.read(&mut builder);
    SP1DeferredVerifier::verify(&mut builder, in_compress, read, true);
    // SAFETY: straight-line code of one thread.
    let program = unsafe { DslIrProgram::new_unchecked(builder.into_root_block()) };
    AsmCompiler::default().compile(program)
}

fn compressed(path: &str) -> Node {
    match SP1ProofWithPublicValues::load(path).expect(path).proof {
        SP1Proof::Compressed(node) => *node,
        _ => panic!("{path} is not a compressed proof"),
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let carried: Vec<Node> = args[4..].iter().map(|path| compressed(path)).collect();
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
    let only = shards.len() + carried.len() == 1;
    let deferred_digest = hash_deferred_proofs([SP1Field::zero(); 8], &carried);
    let ndeferred = SP1Field::from_canonical_usize(carried.len());

    // Leaves, each with its range, by which the stock prover knows neighbours.
    let mut leaves: Vec<(ShardRange, Node)> = Vec::new();
    let mut proof_nonce = [SP1Field::zero(); 4];
    for shard in shards {
        let values: &SP1CorePublicValues<SP1Field> = shard.public_values.as_slice().borrow();
        let precompile = values.range() == ShardRange::precompile();
        proof_nonce = values.proof_nonce;
        let input = SP1NormalizeWitnessValues {
            vk: vk.vk.clone(),
            shard_proofs: vec![shard],
            is_complete: only,
            vk_root: tree.keys.root(),
            reconstruct_deferred_digest: if precompile {
                [SP1Field::zero(); 8]
            } else {
                deferred_digest
            },
            num_deferred_proofs: if precompile { SP1Field::zero() } else { ndeferred },
        };
        let program = normalize_program_from_input(&in_core, &input);
        leaves.push((input.range(), tree.node(program, &&input)));
    }
    let mut before = [SP1Field::zero(); 8];
    for (index, proof) in carried.into_iter().enumerate() {
        let start_reconstruct_deferred_digest = before;
        before = hash_deferred_proofs(before, std::slice::from_ref(&proof));
        let (shaped, vk_merkle_data) = tree.shaped(vec![proof], true);
        let input = SP1DeferredWitnessValues {
            vks_and_proofs: shaped.vks_and_proofs,
            vk_merkle_data,
            start_reconstruct_deferred_digest,
            sp1_vk_digest: vk.hash_koalabear(),
            end_pc: vk.vk.pc_start,
            proof_nonce,
            deferred_proof_index: SP1Field::from_canonical_usize(index),
        };
        let program = deferred_program(&in_compress, &input);
        leaves.push((input.range(), tree.node(program, &&input)));
    }
    leaves.sort_by_key(|leaf| leaf.0);

    let mut row: Vec<Node> = leaves.into_iter().map(|leaf| leaf.1).collect();
    assert!(row.len() <= 25);
    while row.len() > 1 {
        let rest = row.split_off(row.len().min(DEFAULT_ARITY));
        let arity = row.len();
        let (compress_val, merkle_val) = tree.shaped(row, rest.is_empty());
        let input = SP1CompressWithVKeyWitnessValues { compress_val, merkle_val };
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
