#pragma once
/* The command line reads documents too, so the contract is public. */
#include "docksill/rules/yaml.h"
