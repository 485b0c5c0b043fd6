import "bardcast/workers/speech";
