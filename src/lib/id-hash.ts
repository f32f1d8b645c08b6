/**
 * An id as a whole number below 2^53: two multiplied 32-bit mixes (cyrb53, public domain). Of a million different ids two
 * meet with a probability of 1 in 18,000.
 */
export const idHash = (id: string): number => {
  let high = 0xdead_beef;
  let low = 0x41c6_ce57;
  for (let index = 0; index < id.length; index += 1) {
    const unit = id.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x9e37_79b1);
    low = Math.imul(low ^ unit, 0x5f35_6495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85eb_ca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2_ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85eb_ca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2_ae35);
  return 0x1_0000_0000 * (0x1f_ffff & low) + (high >>> 0);
};
