#!/bin/sh
p=/sys/module/large_control_flow/parameters
for v in 0 1 2 3 5 7 31 100 255 256 -1 -128 65535; do
	echo $v > $p/n
	echo "$v -> $(cat $p/result)"
done
