/** A module of another language: the same keys, no more and no fewer. */
export type Like<Module> = Partial<Record<keyof Module, string>>;
