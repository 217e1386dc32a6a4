// The mirror step in one state with three actions, exactly.
//
//   new = argmax over p of  A . p - weight D(p)   among the policies with  E(p) <= radius
//
// Whatever D and E are, every action answers a common price z: it takes the largest probability at
// which another bit of it is still worth z. The price at which the answers add up to one gives the
// best row (`bestRow`). TV is first replaced by a fee on every bit moved, and the fee found that
// the distance moved asks for (`payingFee`); the ball by a multiplier of E (`mirrorStep`). That is
// what mirrorbook.updates does; a test compares the two. All of old must be positive.

export const EPSILON = 0.2; // half-width of PPO's clipping range
const ROUNDING = 1e-15;

export const sum = (x) => x[0] + x[1] + x[2];
export const dot = (x, y) => x[0] * y[0] + x[1] * y[1] + x[2] * y[2];
const total = (f) => (p, old, adv) => sum(p.map((_, a) => f(p[a], old[a], adv?.[a])));
const tv = total((p, old) => Math.abs(p - old) / 2);

// p log(p / q) - p + q, a term of KL(p, q): not negative, and without cancellation near p = q.
function klTerm(p, q) {
  if (p === 0) return q;
  const u = (q - p) / p;
  return Math.abs(u) < 0.5 ? p * (u - Math.log1p(u)) : p * Math.log(p / q) + (q - p);
}

function clipped(p, old, adv) {
  const excess = adv > 0 ? p - (1 + EPSILON) * old : (1 - EPSILON) * old - p;
  return Math.abs(adv) * Math.max(excess, 0);
}

// Name of a drift or distance -> its value at (p, old, adv).
export const COSTS = {
  Zero: () => 0,
  KLOldNew: total((p, old) => klTerm(old, p)),
  KLNewOld: total((p, old) => klTerm(p, old)),
  L2Squared: total((p, old) => (p - old) ** 2),
  TVSquared: (p, old) => tv(p, old) ** 2,
  PPOClip: total(clipped),
  OneSidedKL: total((p, old) => (p < old ? klTerm(p, old) : 0)),
};

// The advantages: what the values q are worth above their mean under the old policy.
export const advantages = (q, old) => q.map((value) => value - dot(q, old));

export function objective(p, { old, adv, drift, weight }) {
  return dot(p, adv) - (drift === "Zero" ? 0 : weight * COSTS[drift](p, old, adv));
}

// The ends [a, b] of a bracket as narrow as floats allow: f, which does not increase, is >= 0 at a
// and <= 0 at b. By Chandrupatla's method: inverse quadratic steps where they help, else halves.
function bracket(f, a, b) {
  let [x1, x2, t] = [b, a, 0.5];
  let [f1, f2] = [f(b), f(a)];
  if (f1 > 0) return [b, b];
  if (f2 < 0) return [a, a];
  for (let sweep = 0; sweep < 200; sweep++) {
    const x = x1 + t * (x2 - x1);
    const fx = f(x);
    let [x3, f3] = [x1, f1];
    if (fx > 0 !== f1 > 0) [x3, f3, x2, f2] = [x2, f2, x1, f1];
    [x1, f1] = [x, fx];
    if (fx === 0) return [x, x];
    const least = (2.3e-16 * Math.max(Math.abs(x1), 1e-30)) / Math.abs(x2 - x1);
    if (least >= 0.5) break;
    const xi = (x1 - x2) / (x3 - x2);
    const phi = (f1 - f2) / (f3 - f2);
    t = 0.5;
    if (1 - Math.sqrt(1 - xi) < phi && phi < Math.sqrt(xi)) {
      const [d2, d3] = [f2 - f1, f3 - f1];
      t = (f1 / d2) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / d3) * (f2 / (f3 - f2));
    }
    t = Math.min(Math.max(t, least), 1 - least) || 0.5;
  }
  return x1 < x2 ? [x1, x2] : [x2, x1];
}

// p with  kl (old / p - 1) - rkl log(p / old) - 2 l2 (p - old) = x,  at most two of them positive.
function response(x, old, { kl, rkl, l2 }) {
  if (!kl && !rkl && !l2) return x > 0 ? 0 : Infinity;
  if (!rkl && !l2) return x + kl > 0 ? (kl * old) / (x + kl) : Infinity;
  if (!kl && !rkl) return old - x / (2 * l2);
  if (!kl && !l2) return old * Math.exp(-x / rkl);
  if (!rkl) {
    const b = x + kl - 2 * l2 * old; // 2 l2 p^2 + b p = kl old; no form of the root may cancel
    const root = Math.sqrt(b * b + 8 * l2 * kl * old) + Math.abs(b);
    return b > 0 ? (2 * kl * old) / root : root / (4 * l2);
  }
  // Newton in y = log(p / old), from the side on which a convex or concave function needs no guard
  let y = 0;
  if (kl && x > 0) y = Math.max(-x / rkl, -Math.log1p(x / kl));
  if (l2 && x < 0) y = Math.min(-x / rkl, Math.log1p(-x / (2 * l2 * old)));
  for (let sweep = 0; sweep < 60; sweep++) {
    const value = kl * Math.expm1(-y) - rkl * y - 2 * l2 * old * Math.expm1(y) - x;
    const step = value / (kl * Math.exp(-y) + rkl + 2 * l2 * old * Math.exp(y));
    y += step;
    if (!(Math.abs(step) > 2e-16 * Math.abs(y))) break;
  }
  return old * Math.exp(y);
}

// The marginal value of an action as pieces, in order: up to which p, by how much it is worth less
// than `top`, and which smooth costs it pays there. `charges` are [name, weight], and `fee` is paid
// for every bit of TV.
function pieces(old, adv, top, charges, fee) {
  const below = { to: old, gap: top - adv - fee / 2, kl: 0, rkl: 0, l2: 0 };
  let ppo = 0;
  for (const [name, weight] of charges) {
    if (name === "KLOldNew") below.kl += weight;
    if (name === "KLNewOld") below.rkl += weight;
    if (name === "L2Squared") below.l2 += weight;
    if (name === "PPOClip") ppo += weight * adv;
  }
  const above = { ...below, to: 1, gap: top - adv + fee / 2 };
  for (const [name, weight] of charges) if (name === "OneSidedKL") below.rkl += weight;
  const knee = (1 + Math.sign(adv) * EPSILON) * old;
  const outside = top - (adv - ppo); // in this order: with weight 1 such pieces tie
  if (ppo > 0) {
    const dear = { ...above, gap: outside + fee / 2 };
    return [below, { ...above, to: Math.min(knee, 1) }, dear];
  }
  if (ppo < 0) return [{ ...below, to: knee, gap: outside - fee / 2 }, below, above];
  return [below, above];
}

// The largest p at which another bit of the action is worth the price z, in terms of `top`.
function answer(z, old, parts) {
  let from = 0;
  for (const part of parts) {
    const p = response(z + part.gap, old, part);
    if (p < part.to) return Math.max(p, from);
    from = part.to;
  }
  return 1;
}

// argmax of  A . p - charges - fee TV(p); of several the nearest in KL(old, new).
function bestRow({ old, adv }, charges, fee = 0) {
  const [top, bottom] = [Math.max(...adv), Math.min(...adv)];
  const parts = old.map((_, a) => pieces(old[a], adv[a], top, charges, fee));
  const answers = (z) => parts.map((part, a) => answer(z, old[a], part));
  const [cheap, dear] = bracket((z) => sum(answers(z)) - 1, bottom - top - 1, 1);
  const [most, least] = [answers(cheap), answers(dear)];
  if (sum(least) >= 1 - ROUNDING) return least;
  const shares = (theta) => old.map((p, a) => Math.min(Math.max(theta * p, least[a]), most[a]));
  const [theta] = bracket((theta) => 1 - sum(shares(theta)), 0, 1.01 / Math.min(...old));
  return shares(theta);
}

// The same with weight TV^2 charged as well, and no TV beyond `reach`: the fee for a bit is then
// 2 weight TV, or whatever keeps the row from going further. Where rows jump as the fee grows, both
// are best at that fee, and so is what lies between them.
function payingFee(state, charges, weight, reach = Infinity) {
  const free = bestRow(state, charges);
  if (tv(free, state.old) <= (weight > 0 ? 0 : reach)) return { p: free, fee: 0 };
  const allowed = (fee) => Math.min(reach, weight > 0 ? fee / (2 * weight) : Infinity);
  const short = (fee) => tv(bestRow(state, charges, fee), state.old) - allowed(fee);
  const range = Math.max(...state.adv) - Math.min(...state.adv);
  const [low, fee] = bracket(short, 0, range + 1);
  const [far, near] = [bestRow(state, charges, low), bestRow(state, charges, fee)];
  const [most, least] = [tv(far, state.old), tv(near, state.old)];
  const share = most - least > ROUNDING ? (allowed(fee) - least) / (most - least) : 0;
  const t = Math.min(Math.max(share, 0), 1);
  return { p: near.map((p, a) => (t === 0 ? p : t * far[a] + (1 - t) * p)), fee };
}

// The largest entry that moved absorbs the rounding error of the row's sum.
function summedToOne(p, old) {
  const moved = p.map((value, a) => (value === old[a] ? -1 : value));
  const largest = moved.indexOf(Math.max(...moved));
  const rest = 1 - sum(p);
  return p.map((value, a) => (a === largest && moved[a] >= 0 ? value + rest : value));
}

// The exact new policy, and the multiplier of the ball. `state` holds old, adv, drift, weight, ball
// (null for none) and radius, in the units of the ball's distance.
export function mirrorStep(state) {
  const { old, adv, drift, weight, ball, radius } = state;
  const range = Math.max(...adv) - Math.min(...adv);
  const own = drift === "TVSquared" ? weight : 0;
  const charges = own || drift === "Zero" ? [] : [[drift, weight]];
  const done = (p, multiplier) => ({ p: summedToOne(p, old), multiplier });
  const reach = ball === "TVSquared" ? Math.sqrt(radius) : Infinity;
  const row = (lam) => payingFee(state, lam ? [...charges, [ball, lam]] : charges, own, reach);
  const free = row(0);
  if (ball === "TVSquared") {
    const binds = tv(free.p, old) >= reach - ROUNDING;
    return done(free.p, binds ? Math.max(free.fee / (2 * reach) - own, 0) : 0);
  }
  if (!ball || COSTS[ball](free.p, old) <= radius) return done(free.p, 0);
  const excess = (u) => Math.log(Math.max(COSTS[ball](row(Math.exp(u)).p, old), 1e-300) / radius);
  const ceiling = Math.log((1.01 * range) / radius);
  const [, u] = bracket(excess, ceiling - 35, ceiling);
  return done(row(Math.exp(u)).p, Math.exp(u));
}
