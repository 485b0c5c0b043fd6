import "bardcast";
