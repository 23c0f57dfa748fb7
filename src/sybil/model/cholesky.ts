/** Symmetric positive definite matrices, n by n in rows. */
export class Cholesky {
  readonly #factor: Float64Array;
  readonly #size: number;

  /** Undefined where the matrix is not positive definite to double precision. */
  static of(matrix: Float64Array, size: number): Cholesky | undefined {
    const factor = matrix.slice();
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = factor[i * size + j] as number;
        for (let k = 0; k < j; k++) sum -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
        if (i !== j) factor[i * size + j] = sum / (factor[j * size + j] as number);
        else if (sum > 1e-14 * (matrix[i * size + i] as number)) factor[i * size + i] = Math.sqrt(sum);
        else return undefined;
      }
    }
    return new Cholesky(factor, size);
  }

  private constructor(factor: Float64Array, size: number) {
    this.#factor = factor;
    this.#size = size;
  }

  /** x with A x = b. */
  solve(right: ArrayLike<number>): Float64Array {
    const [size, factor] = [this.#size, this.#factor];
    const x = Float64Array.from(right);
    for (let i = 0; i < size; i++) {
      let sum = x[i] as number;
      for (let k = 0; k < i; k++) sum -= (factor[i * size + k] as number) * (x[k] as number);
      x[i] = sum / (factor[i * size + i] as number);
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i] as number;
      for (let k = i + 1; k < size; k++) sum -= (factor[k * size + i] as number) * (x[k] as number);
      x[i] = sum / (factor[i * size + i] as number);
    }
    return x;
  }

  /** The inverse, in rows. */
  inverse(): Float64Array {
    const size = this.#size;
    const inverse = new Float64Array(size * size);
    for (let column = 0; column < size; column++) {
      const unit = new Float64Array(size);
      unit[column] = 1;
      this.solve(unit).forEach((value, row) => (inverse[row * size + column] = value));
    }
    return inverse;
  }
}
