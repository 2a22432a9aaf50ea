.error needs GNU make: gmake
