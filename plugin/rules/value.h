#pragma once
/*
 * value: what stands in a rule beside an operator, read as the fact's type wants it.
 */
#include "compiler.h"
#include "fact-ref.h"
#include "named-list.h"
#include "predicate.h"

/**
 * value_read() - one item as an operand for @ref
 * @takes: of the operator: patterns are texts whatever the fact, expressions are compiled
 *
 * Reports what does not fit (DS216, DS221). Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int value_read(struct compiler *c, const struct fact_ref *ref, enum operator_takes takes,
                           const struct item *item, struct operand *out);

/* Which member of the operands value_read() fills in for a fact of this type. */
enum operand_kind value_kind(enum fact_type type, enum operator_takes takes);

/* Numbers with units; written on success only. "64m" is 64 MiB as for Docker; a duration needs its unit. */
bool value_bytes(struct str text, int64_t *out);
bool value_duration(struct str text, int64_t *out); /* microseconds */

/* "22", "512-514". */
bool value_port(struct str text, int32_t *lo, int32_t *hi);
