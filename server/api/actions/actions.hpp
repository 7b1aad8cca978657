#pragma once

#include "server/api/action.hpp"

namespace cvm::api {

#define ACTION(name) extern const Action name;
#include "server/api/actions/table.inc"
#undef ACTION

} // namespace cvm::api
