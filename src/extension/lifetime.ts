/** Something with an end. VS Code's `Disposable` is a class; ours need only the method. */
export interface Disposes {
  dispose(): void;
}
