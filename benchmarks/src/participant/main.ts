// A process of a measurement. It does what the driver asks for over the process's channel.
import { createBirpc } from "birpc";
import { channelOf } from "./channel.ts";
import { Participant } from "./participant.ts";

createBirpc<object, Participant>(new Participant(), { ...channelOf(process), bind: "functions" });
process.on("disconnect", () => process.exit());
