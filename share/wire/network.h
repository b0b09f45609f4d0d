#ifndef WIRE_NETWORK_H
#define WIRE_NETWORK_H
/*
 * The Prover Network's messages, base (reserved) variant: sp1-network(7),
 * Messages.
 *
 * Signed requests all have one shape, struct net_signed; its body is kept as
 * bytes, since the signature is over the encoding as it came.
 */
#include "wire/pb.h"

/* Paths of the calls, "/" first. */
#define NET_CREATE_ARTIFACT	"/artifact.ArtifactStore/CreateArtifact"
#define NET_METHOD(name)	"/network.ProverNetwork/" name
#define NET_GET_PROGRAM		NET_METHOD("GetProgram")
#define NET_CREATE_PROGRAM	NET_METHOD("CreateProgram")
#define NET_GET_NONCE		NET_METHOD("GetNonce")
#define NET_REQUEST_PROOF	NET_METHOD("RequestProof")
#define NET_STATUS		NET_METHOD("GetProofRequestStatus")
#define NET_DETAILS		NET_METHOD("GetProofRequestDetails")
#define NET_FILTERED		NET_METHOD("GetFilteredProofRequests")
#define NET_FULFILL		NET_METHOD("FulfillProof")
#define NET_FAIL		NET_METHOD("FailFulfillment")
#define NET_EXECUTE		NET_METHOD("ExecuteProof")
#define NET_FAIL_EXECUTION	NET_METHOD("FailExecution")
#define NET_STDIN_URI		NET_METHOD("GetStdinUri")
#define NET_BALANCE		NET_METHOD("GetBalance")
#define NET_OWNER		NET_METHOD("GetOwner")

#define NET_PAGE 100	/* requests in a page of GetFilteredProofRequests, at most */

#define NET_VERSION "sp1-v6.1.0"	/* RequestProofRequestBody.version */

enum net_format { NET_BINARY = 1, NET_JSON = 2 };

enum net_artifact {
	NET_ARTIFACT_PROGRAM = 1, NET_ARTIFACT_STDIN, NET_ARTIFACT_PROOF,
	NET_ARTIFACT_TRANSACTION, NET_ARTIFACT_STATE, NET_ARTIFACT_EXPORT,
	NET_ARTIFACT_PRIVATE_STDIN,
};

enum net_mode { NET_CORE = 1, NET_COMPRESSED, NET_PLONK, NET_GROTH16 };
enum net_strategy { NET_HOSTED = 1, NET_RESERVED, NET_AUCTION };

enum net_fulfillment {
	NET_REQUESTED = 1, NET_ASSIGNED, NET_FULFILLED, NET_UNFULFILLABLE,
	NET_REVERTED, NET_EXPIRED,
};

enum net_execution { NET_UNEXECUTED = 1, NET_EXECUTED, NET_UNEXECUTABLE };

enum net_fail_cause {
	NET_CAUSE_NONZERO_EXIT = 1, NET_CAUSE_MEMORY, NET_CAUSE_SYSCALL,
	NET_CAUSE_BREAKPOINT, NET_CAUSE_CYCLES, NET_CAUSE_SYSCALL_USE,
	NET_CAUSE_UNIMPLEMENTED, NET_CAUSE_UNCONSTRAINED, NET_CAUSE_GAS,
};

enum net_error {
	NET_ERR_EXECUTION = 1, NET_ERR_VK, NET_ERR_UNKNOWN,
	NET_ERR_PUBLIC_VALUES, NET_ERR_VERIFICATION, NET_ERR_PROVING,
};

/* Names of these values as records have them ("core", "fulfilled",
 * "exceeded_cycle_limit"), or NULL.  net_mode_of() gives 0 for no mode. */
const char *net_mode_name(int mode);
/* The mode of a name. */
int net_mode_of(const char *name);
/* Of enum net_fulfillment. */
const char *net_fulfillment_name(int status);
/* Of enum net_execution. */
const char *net_execution_name(int status);
/* Of enum net_fail_cause. */
const char *net_cause_name(int cause);
/* Of enum net_error. */
const char *net_error_name(int error);
const char *net_artifact_name(int type);	/* as in stdin, private-stdin */

struct net_create_artifact {
	struct pb_bytes signature;
	int32_t type;
};
struct net_artifact_created {
	struct pb_bytes uri, presigned_url;
};

/* CreateProgram, RequestProof, FulfillProof, FailFulfillment, ExecuteProof,
 * FailExecution, GetStdinUri. */
struct net_signed {
	int32_t format;
	struct pb_bytes signature, body;
	bool has_body;
};

/* What the calls that take effect answer, RequestProof apart; body is the
 * empty message. */
struct net_done {
	struct pb_bytes tx_hash, body;
	bool has_body;
};

struct net_address {		/* GetNonce, GetBalance, GetOwner */
	struct pb_bytes address;
};
struct net_nonce {
	uint64_t nonce;
};
struct net_amount {
	struct pb_bytes amount;	/* decimal */
};
struct net_owner {
	struct pb_bytes owner;
};

struct net_program_hash {	/* GetProgram */
	struct pb_bytes vk_hash;
};
struct net_program {
	struct pb_bytes vk_hash, vk, program_uri, name, owner;
	uint64_t created_at;
	bool has_name;
};
struct net_program_found {
	struct net_program program;
	bool has_program;
};
struct net_program_body {	/* CreateProgram */
	uint64_t nonce;
	struct pb_bytes vk_hash, vk, program_uri;
};

struct net_proof_body {		/* RequestProof */
	uint64_t nonce;
	struct pb_bytes vk_hash, version;
	int32_t mode, strategy;
	struct pb_bytes stdin_uri;
	uint64_t deadline, cycle_limit, gas_limit, min_auction_period;
	struct pb_list whitelist;	/* of addresses */
	bool stdin_private;
};
struct net_request_id {		/* GetProofRequestStatus, -Details */
	struct pb_bytes request_id;
};
struct net_proof_requested {
	struct pb_bytes tx_hash;
	struct net_request_id body;
	bool has_body;
};

struct net_status {
	int32_t fulfillment_status, execution_status;
	struct pb_bytes request_tx_hash;
	uint64_t deadline;
	struct pb_bytes fulfill_tx_hash, proof_uri, public_values_hash,
	    proof_public_uri;
	bool has_fulfill_tx_hash, has_proof_uri, has_public_values_hash,
	    has_proof_public_uri;
};

struct net_request {		/* ProofRequest */
	struct pb_bytes request_id, vk_hash, version;
	int32_t mode, strategy;
	struct pb_bytes program_uri, stdin_uri;
	uint64_t deadline, cycle_limit, gas_price;
	int32_t fulfillment_status, execution_status;
	struct pb_bytes requester, fulfiller, program_name, requester_name,
	    fulfiller_name;
	uint64_t created_at, updated_at, fulfilled_at;
	struct pb_bytes tx_hash;
	uint64_t cycles;
	struct pb_bytes public_values_hash, deduction_amount, refund_amount;
	uint64_t gas_limit, gas_used;
	int32_t execute_fail_cause, settlement_status;
	struct pb_bytes program_public_uri, stdin_public_uri;
	uint64_t min_auction_period;
	struct pb_list whitelist;	/* of addresses */
	int32_t error;
	bool stdin_private;
	struct pb_bytes error_trace;	/* wire/error_trace.h; since 6.10 */
	bool has_gas_price, has_fulfiller, has_program_name,
	    has_requester_name, has_fulfiller_name, has_fulfilled_at,
	    has_cycles, has_public_values_hash, has_deduction_amount,
	    has_refund_amount, has_gas_used, has_error_trace;
};
struct net_details {
	struct net_request request;
	bool has_request;
};

struct net_filter {		/* GetFilteredProofRequests */
	struct pb_bytes version;
	int32_t fulfillment_status, execution_status;
	uint64_t minimum_deadline;
	struct pb_bytes vk_hash, requester, fulfiller;
	uint64_t from, to;
	uint32_t limit, page;
	int32_t mode;
	struct pb_bytes not_bid_by;
	int32_t execute_fail_cause, settlement_status, error;
	bool is_timed_out, use_mainnet;
	bool has_version, has_fulfillment_status, has_execution_status,
	    has_minimum_deadline, has_vk_hash, has_requester, has_fulfiller,
	    has_from, has_to, has_limit, has_page, has_mode, has_not_bid_by,
	    has_execute_fail_cause, has_settlement_status, has_error,
	    has_is_timed_out, has_use_mainnet;
};
struct net_filtered {
	struct pb_list requests;	/* of struct net_request */
};

struct net_reserved_metadata {
	float on_demand_ratio;
	bool has_on_demand_ratio;
};
struct net_fulfill_body {
	uint64_t nonce;
	struct pb_bytes request_id, proof;
	struct net_reserved_metadata reserved_metadata;
	bool has_reserved_metadata;
};
struct net_fail_body {		/* FailFulfillment */
	uint64_t nonce;
	struct pb_bytes request_id;
	int32_t error;
	struct pb_bytes error_trace;
	bool has_error, has_error_trace;
};
struct net_execute_body {
	uint64_t nonce;
	struct pb_bytes request_id;
	int32_t execution_status;
	struct pb_bytes public_values_hash;
	uint64_t cycles, gas_used;
	struct pb_bytes error_trace;
	bool has_public_values_hash, has_cycles, has_gas_used, has_error_trace;
};
struct net_fail_execution_body {
	uint64_t nonce;
	struct pb_bytes request_id;
	int32_t execute_fail_cause;
};

struct net_stdin_uri_body {
	uint64_t nonce;
	struct pb_bytes request_id;
};
struct net_stdin_uri {
	struct pb_bytes stdin_uri;
	uint64_t expires_at;
};

extern const struct pb_message pb_net_create_artifact, pb_net_artifact_created,
    pb_net_signed, pb_net_done, pb_net_address, pb_net_nonce, pb_net_amount,
    pb_net_owner, pb_net_program_hash, pb_net_program, pb_net_program_found,
    pb_net_program_body, pb_net_proof_body, pb_net_request_id,
    pb_net_proof_requested, pb_net_status, pb_net_request, pb_net_details,
    pb_net_filter, pb_net_filtered, pb_net_reserved_metadata,
    pb_net_fulfill_body, pb_net_fail_body, pb_net_execute_body,
    pb_net_fail_execution_body, pb_net_stdin_uri_body, pb_net_stdin_uri;

#endif
