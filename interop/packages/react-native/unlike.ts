/** A class whose instances can't travel. */
export class Unlike {
  text = "";
}
