// Makes proofs for test/vectors/snark, by gnark: of a circuit with as many public inputs
// as SP1's (PLONK: with one of gnark's commitments, as SP1's is), with keys of its own.
// `go mod tidy` before the first `go run .`.
package main

import (
	"bytes"
	"fmt"
	"math/big"
	"os"
	"path/filepath"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/backend/groth16"
	groth16_bn254 "github.com/consensys/gnark/backend/groth16/bn254"
	"github.com/consensys/gnark/backend/plonk"
	plonk_bn254 "github.com/consensys/gnark/backend/plonk/bn254"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/r1cs"
	"github.com/consensys/gnark/frontend/cs/scs"
	"github.com/consensys/gnark/test/unsafekzg"
)

type circuit struct {
	Input  [5]frontend.Variable `gnark:",public"`
	Secret frontend.Variable
	commit bool
}

func (c *circuit) Define(api frontend.API) error {
	sum := frontend.Variable(0)
	for i, v := range c.Input {
		sum = api.Add(sum, api.Mul(v, i+1))
	}
	api.AssertIsEqual(sum, api.Mul(c.Secret, c.Secret))
	if c.commit {
		x, err := api.(frontend.Committer).Commit(sum, c.Secret)
		if err != nil {
			return err
		}
		api.AssertIsDifferent(x, 0)
	}
	return nil
}

// Inputs whose weighted sum is a square: the last one is what is missing.
func assignment(commit bool) *circuit {
	q := ecc.BN254.ScalarField()
	c := &circuit{commit: commit}
	secret, _ := new(big.Int).SetString("123456789abcdef0fedcba9876543210"+
		"0f1e2d3c4b5a69788796a5b4c3d2e1f", 16)
	rest := new(big.Int).Mul(secret, secret)
	for i := range 4 {
		v := new(big.Int).Exp(big.NewInt(int64(i+7)), big.NewInt(int64(80*i)), q)
		c.Input[i] = v
		rest.Sub(rest, new(big.Int).Mul(v, big.NewInt(int64(i+1))))
	}
	rest.Mul(rest, new(big.Int).ModInverse(big.NewInt(5), q))
	c.Input[4] = rest.Mod(rest, q)
	c.Secret = secret
	return c
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The inputs, the proof as contracts take it, the proof as gnark writes it: hexadecimal.
func write(dir, name string, c *circuit, vk, encoded, raw []byte) {
	text := "# by gnark, test/interop/gnark\n"
	for _, v := range c.Input {
		text += fmt.Sprintf("%064x\n", v)
	}
	text += fmt.Sprintf("%x\n%x\n", encoded, raw)
	check(os.WriteFile(filepath.Join(dir, name+".vk"), vk, 0o644))
	check(os.WriteFile(filepath.Join(dir, name+".txt"), []byte(text), 0o644))
}

func makeGroth16(dir string) {
	c := assignment(false)
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), r1cs.NewBuilder, &circuit{})
	check(err)
	pk, vk, err := groth16.Setup(ccs)
	check(err)
	w, err := frontend.NewWitness(c, ecc.BN254.ScalarField())
	check(err)
	proof, err := groth16.Prove(ccs, pk, w)
	check(err)
	public, err := w.Public()
	check(err)
	check(groth16.Verify(proof, vk, public))
	var key, raw bytes.Buffer
	vk.WriteTo(&key)
	proof.WriteRawTo(&raw)
	write(dir, "groth16-gnark", c, key.Bytes(),
		proof.(*groth16_bn254.Proof).MarshalSolidity(), raw.Bytes())
}

func makePlonk(dir string) {
	c := assignment(true)
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder,
		&circuit{commit: true})
	check(err)
	srs, lagrange, err := unsafekzg.NewSRS(ccs)
	check(err)
	pk, vk, err := plonk.Setup(ccs, srs, lagrange)
	check(err)
	w, err := frontend.NewWitness(c, ecc.BN254.ScalarField())
	check(err)
	proof, err := plonk.Prove(ccs, pk, w)
	check(err)
	public, err := w.Public()
	check(err)
	check(plonk.Verify(proof, vk, public))
	var key, raw bytes.Buffer
	vk.WriteTo(&key)
	proof.WriteRawTo(&raw)
	write(dir, "plonk-gnark", c, key.Bytes(),
		proof.(*plonk_bn254.Proof).MarshalSolidity(), raw.Bytes())
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . FOLDER")
		os.Exit(64)
	}
	makeGroth16(os.Args[1])
	makePlonk(os.Args[1])
}
