package store

func sweep(dir string) {}
