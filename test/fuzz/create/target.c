/*
 * The input is the body of a create.
 */
#include "../judge.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void)argc;
        (void)argv;
        judge_init();
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        judge_request(STR_C("POST"), STR_C("/v1.41/containers/create?name=web"), (struct str){ (const char *)data, size });
        return 0;
}
