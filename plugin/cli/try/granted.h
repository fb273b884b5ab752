#pragma once
/*
 * granted: the capabilities that a container starts with.
 */
#include "docksill/base/str.h"
#include <jansson.h>

#define GRANTED_MOST 48

/**
 * granted_read() - of a HostConfig
 * @out: room for GRANTED_MOST; static names without CAP_, those first that a program which starts as root needs most
 *
 * As the engine reckons (moby oci/caps/utils.go TweakCapabilities): Docker's own, with CapAdd, without CapDrop;
 * privileged has all. Returns how many.
 */
size_t granted_read(struct str *out, const json_t *host);
