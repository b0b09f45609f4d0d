#include "wire/network.h"

#include <string.h>

#define T(name) const struct pb_message pb_##name = \
	PB_MESSAGE(name, name##_fields)

static const struct pb_field net_create_artifact_fields[] = {
	PB_ONE(net_create_artifact, 1, BYTES, signature),
	PB_ONE(net_create_artifact, 2, ENUM, type),
};
T(net_create_artifact);

static const struct pb_field net_artifact_created_fields[] = {
	PB_ONE(net_artifact_created, 1, STRING, uri),
	PB_ONE(net_artifact_created, 2, STRING, presigned_url),
};
T(net_artifact_created);

static const struct pb_field net_signed_fields[] = {
	PB_ONE(net_signed, 1, ENUM, format),
	PB_ONE(net_signed, 2, BYTES, signature),
	PB_OPT(net_signed, 3, BYTES, body),
};
T(net_signed);

static const struct pb_field net_done_fields[] = {
	PB_ONE(net_done, 1, BYTES, tx_hash),
	PB_OPT(net_done, 2, BYTES, body),
};
T(net_done);

static const struct pb_field net_address_fields[] = {
	PB_ONE(net_address, 1, BYTES, address),
};
T(net_address);

static const struct pb_field net_nonce_fields[] = {
	PB_ONE(net_nonce, 1, U64, nonce),
};
T(net_nonce);

static const struct pb_field net_amount_fields[] = {
	PB_ONE(net_amount, 1, STRING, amount),
};
T(net_amount);

static const struct pb_field net_owner_fields[] = {
	PB_ONE(net_owner, 1, BYTES, owner),
};
T(net_owner);

static const struct pb_field net_program_hash_fields[] = {
	PB_ONE(net_program_hash, 1, BYTES, vk_hash),
};
T(net_program_hash);

static const struct pb_field net_program_fields[] = {
	PB_ONE(net_program, 1, BYTES, vk_hash),
	PB_ONE(net_program, 2, BYTES, vk),
	PB_ONE(net_program, 3, STRING, program_uri),
	PB_OPT(net_program, 4, STRING, name),
	PB_ONE(net_program, 5, BYTES, owner),
	PB_ONE(net_program, 6, U64, created_at),
};
T(net_program);

static const struct pb_field net_program_found_fields[] = {
	PB_MSG(net_program_found, 1, program, &pb_net_program),
};
T(net_program_found);

static const struct pb_field net_program_body_fields[] = {
	PB_ONE(net_program_body, 1, U64, nonce),
	PB_ONE(net_program_body, 2, BYTES, vk_hash),
	PB_ONE(net_program_body, 3, BYTES, vk),
	PB_ONE(net_program_body, 4, STRING, program_uri),
};
T(net_program_body);

static const struct pb_field net_proof_body_fields[] = {
	PB_ONE(net_proof_body, 1, U64, nonce),
	PB_ONE(net_proof_body, 2, BYTES, vk_hash),
	PB_ONE(net_proof_body, 3, STRING, version),
	PB_ONE(net_proof_body, 4, ENUM, mode),
	PB_ONE(net_proof_body, 5, ENUM, strategy),
	PB_ONE(net_proof_body, 6, STRING, stdin_uri),
	PB_ONE(net_proof_body, 7, U64, deadline),
	PB_ONE(net_proof_body, 8, U64, cycle_limit),
	PB_ONE(net_proof_body, 9, U64, gas_limit),
	PB_ONE(net_proof_body, 10, U64, min_auction_period),
	PB_MANY(net_proof_body, 11, BYTES, whitelist),
	PB_ONE(net_proof_body, 12, BOOL, stdin_private),
};
T(net_proof_body);

static const struct pb_field net_request_id_fields[] = {
	PB_ONE(net_request_id, 1, BYTES, request_id),
};
T(net_request_id);

static const struct pb_field net_proof_requested_fields[] = {
	PB_ONE(net_proof_requested, 1, BYTES, tx_hash),
	PB_MSG(net_proof_requested, 2, body, &pb_net_request_id),
};
T(net_proof_requested);

static const struct pb_field net_status_fields[] = {
	PB_ONE(net_status, 1, ENUM, fulfillment_status),
	PB_ONE(net_status, 2, ENUM, execution_status),
	PB_ONE(net_status, 3, BYTES, request_tx_hash),
	PB_ONE(net_status, 4, U64, deadline),
	PB_OPT(net_status, 5, BYTES, fulfill_tx_hash),
	PB_OPT(net_status, 6, STRING, proof_uri),
	PB_OPT(net_status, 7, BYTES, public_values_hash),
	PB_OPT(net_status, 8, STRING, proof_public_uri),
};
T(net_status);

static const struct pb_field net_request_fields[] = {
	PB_ONE(net_request, 1, BYTES, request_id),
	PB_ONE(net_request, 2, BYTES, vk_hash),
	PB_ONE(net_request, 3, STRING, version),
	PB_ONE(net_request, 4, ENUM, mode),
	PB_ONE(net_request, 5, ENUM, strategy),
	PB_ONE(net_request, 6, STRING, program_uri),
	PB_ONE(net_request, 7, STRING, stdin_uri),
	PB_ONE(net_request, 8, U64, deadline),
	PB_ONE(net_request, 9, U64, cycle_limit),
	PB_OPT(net_request, 10, U64, gas_price),
	PB_ONE(net_request, 11, ENUM, fulfillment_status),
	PB_ONE(net_request, 12, ENUM, execution_status),
	PB_ONE(net_request, 13, BYTES, requester),
	PB_OPT(net_request, 14, BYTES, fulfiller),
	PB_OPT(net_request, 15, STRING, program_name),
	PB_OPT(net_request, 16, STRING, requester_name),
	PB_OPT(net_request, 17, STRING, fulfiller_name),
	PB_ONE(net_request, 18, U64, created_at),
	PB_ONE(net_request, 19, U64, updated_at),
	PB_OPT(net_request, 20, U64, fulfilled_at),
	PB_ONE(net_request, 21, BYTES, tx_hash),
	PB_OPT(net_request, 22, U64, cycles),
	PB_OPT(net_request, 23, BYTES, public_values_hash),
	PB_OPT(net_request, 24, STRING, deduction_amount),
	PB_OPT(net_request, 25, STRING, refund_amount),
	PB_ONE(net_request, 26, U64, gas_limit),
	PB_OPT(net_request, 27, U64, gas_used),
	PB_ONE(net_request, 28, ENUM, execute_fail_cause),
	PB_ONE(net_request, 29, ENUM, settlement_status),
	PB_ONE(net_request, 30, STRING, program_public_uri),
	PB_ONE(net_request, 31, STRING, stdin_public_uri),
	PB_ONE(net_request, 32, U64, min_auction_period),
	PB_MANY(net_request, 33, BYTES, whitelist),
	PB_ONE(net_request, 34, ENUM, error),
	PB_ONE(net_request, 35, BOOL, stdin_private),
	PB_OPT(net_request, 39, BYTES, error_trace),
};
T(net_request);

static const struct pb_field net_details_fields[] = {
	PB_MSG(net_details, 1, request, &pb_net_request),
};
T(net_details);

static const struct pb_field net_filter_fields[] = {
	PB_OPT(net_filter, 1, STRING, version),
	PB_OPT(net_filter, 2, ENUM, fulfillment_status),
	PB_OPT(net_filter, 3, ENUM, execution_status),
	PB_OPT(net_filter, 4, U64, minimum_deadline),
	PB_OPT(net_filter, 5, BYTES, vk_hash),
	PB_OPT(net_filter, 6, BYTES, requester),
	PB_OPT(net_filter, 7, BYTES, fulfiller),
	PB_OPT(net_filter, 8, U64, from),
	PB_OPT(net_filter, 9, U64, to),
	PB_OPT(net_filter, 10, U32, limit),
	PB_OPT(net_filter, 11, U32, page),
	PB_OPT(net_filter, 12, ENUM, mode),
	PB_OPT(net_filter, 13, BYTES, not_bid_by),
	PB_OPT(net_filter, 14, ENUM, execute_fail_cause),
	PB_OPT(net_filter, 15, ENUM, settlement_status),
	PB_OPT(net_filter, 16, ENUM, error),
	PB_OPT(net_filter, 17, BOOL, is_timed_out),
	PB_OPT(net_filter, 18, BOOL, use_mainnet),
};
T(net_filter);

static const struct pb_field net_filtered_fields[] = {
	PB_MSGS(net_filtered, 1, requests, &pb_net_request),
};
T(net_filtered);

static const struct pb_field net_reserved_metadata_fields[] = {
	PB_OPT(net_reserved_metadata, 1, FLOAT, on_demand_ratio),
};
T(net_reserved_metadata);

static const struct pb_field net_fulfill_body_fields[] = {
	PB_ONE(net_fulfill_body, 1, U64, nonce),
	PB_ONE(net_fulfill_body, 2, BYTES, request_id),
	PB_ONE(net_fulfill_body, 3, BYTES, proof),
	PB_MSG(net_fulfill_body, 4, reserved_metadata, &pb_net_reserved_metadata),
};
T(net_fulfill_body);

static const struct pb_field net_fail_body_fields[] = {
	PB_ONE(net_fail_body, 1, U64, nonce),
	PB_ONE(net_fail_body, 2, BYTES, request_id),
	PB_OPT(net_fail_body, 3, ENUM, error),
	PB_OPT(net_fail_body, 4, BYTES, error_trace),
};
T(net_fail_body);

static const struct pb_field net_execute_body_fields[] = {
	PB_ONE(net_execute_body, 1, U64, nonce),
	PB_ONE(net_execute_body, 2, BYTES, request_id),
	PB_ONE(net_execute_body, 3, ENUM, execution_status),
	PB_OPT(net_execute_body, 4, BYTES, public_values_hash),
	PB_OPT(net_execute_body, 5, U64, cycles),
	PB_OPT(net_execute_body, 6, U64, gas_used),
	PB_OPT(net_execute_body, 11, BYTES, error_trace),
};
T(net_execute_body);

static const struct pb_field net_fail_execution_body_fields[] = {
	PB_ONE(net_fail_execution_body, 1, U64, nonce),
	PB_ONE(net_fail_execution_body, 2, BYTES, request_id),
	PB_ONE(net_fail_execution_body, 3, ENUM, execute_fail_cause),
};
T(net_fail_execution_body);

static const struct pb_field net_stdin_uri_body_fields[] = {
	PB_ONE(net_stdin_uri_body, 1, U64, nonce),
	PB_ONE(net_stdin_uri_body, 2, BYTES, request_id),
};
T(net_stdin_uri_body);

static const struct pb_field net_stdin_uri_fields[] = {
	PB_ONE(net_stdin_uri, 1, STRING, stdin_uri),
	PB_ONE(net_stdin_uri, 2, U64, expires_at),
};
T(net_stdin_uri);

/* Names, by value; NULL where the protocol has none. */
static const char *const mode_names[] = {
	NULL, "core", "compressed", "plonk", "groth16",
};
static const char *const fulfillment_names[] = {
	"unspecified", "requested", "assigned", "fulfilled", "unfulfillable",
	"reverted", "expired",
};
static const char *const execution_names[] = {
	"unspecified", "unexecuted", "executed", "unexecutable",
};
static const char *const cause_names[] = {
	NULL, "halt_with_non_zero_exit_code", "invalid_memory_access",
	"unsupported_syscall", "breakpoint", "exceeded_cycle_limit",
	"invalid_syscall_usage", "unimplemented", "end_in_unconstrained",
	"exceeded_gas_limit",
};
static const char *const error_names[] = {
	NULL, "execution_failure", "verification_key_mismatch",
	"unknown_failure", "public_values_mismatch", "verification_failure",
	"proving_failure",
};
static const char *const artifact_names[] = {
	NULL, "program", "stdin", "proof", "transaction", "state", "export",
	"private-stdin",
};

#define NAME_OF(table, i) \
	((i) >= 0 && (size_t)(i) < sizeof(table) / sizeof((table)[0]) ? \
	    (table)[i] : NULL)

const char *
net_mode_name(int mode)
{
	return NAME_OF(mode_names, mode);
}

int
net_mode_of(const char *name)
{
	for (int i = NET_CORE; i <= NET_GROTH16; i++)
		if (strcmp(name, mode_names[i]) == 0)
			return i;
	return 0;
}

const char *
net_fulfillment_name(int status)
{
	return NAME_OF(fulfillment_names, status);
}

const char *
net_execution_name(int status)
{
	return NAME_OF(execution_names, status);
}

const char *
net_cause_name(int cause)
{
	return NAME_OF(cause_names, cause);
}

const char *
net_error_name(int error)
{
	return NAME_OF(error_names, error);
}

const char *
net_artifact_name(int type)
{
	return NAME_OF(artifact_names, type);
}
