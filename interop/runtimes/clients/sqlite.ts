// Revokes in one store of a file, and looks it up in another.
import { openSqliteStore } from "@capnweb/durable/sqlite";
import { argument } from "./argument.ts";

const file = await argument();
using one = await openSqliteStore(file);
using other = await openSqliteStore(file);
one.revokeToken("id", 2, 1);
one.revokeOwner("owner", 2, 1);
console.log(JSON.stringify([other.find("id", "owner"), other.find("another", undefined)]));
