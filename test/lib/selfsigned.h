#ifndef TEST_LIB_SELFSIGNED_H
#define TEST_LIB_SELFSIGNED_H
/* A certificate for localhost and 127.0.0.1, and its key, as two PEM files. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdio.h>

/* 0, or -1: it could not be made or written. */
int selfsigned(const char *cert_path, const char *key_path);

#endif
