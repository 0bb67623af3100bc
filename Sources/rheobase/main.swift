print("rheobase")
