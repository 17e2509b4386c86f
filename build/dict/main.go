// Command dict makes the dictionary that records are packed with.
package main

func main() {}
