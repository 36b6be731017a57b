import * as capnweb from "capnweb";
import { capnwebContestant } from "./capnweb.ts";

export const reference = capnwebContestant(capnweb);
