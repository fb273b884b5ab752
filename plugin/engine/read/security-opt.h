#pragma once
/*
 * security-opt: HostConfig.SecurityOpt, element by element. moby daemon/daemon_unix.go parseSecurityOpt; PROTOCOL 6.7.
 */
#include "reading.h"

/**
 * security_opt_read() - no_new_privileges, seccomp, AppArmor, SELinux and cgroups of the container
 * @options: of struct go_string
 *
 * Capabilities and privileged must be in the facts already: a seccomp profile depends on them.
 */
void security_opt_read(struct reading *in, const struct go_list *options);

/* What stands behind "seccomp=": a word, or a profile. As above. */
void seccomp_option_read(struct reading *in, struct str value);
