/** Names of the simulated people and companies. */
export const FIRST_NAMES = (
  'Ana Ben Chloé Daniel Elif Finn Greta Hana Igor Jun Kofi Lena Mateo Nadia Oskar Priya Quinn Rosa Søren Tomáš ' +
  'Uma Viktor Wanjiru Ximena Yusuf Zoë'
).split(' ');

export const LAST_NAMES = (
  'Almeida Berg Costa Dubois Eriksen Fischer García Hoang Ito Jensen Kovač Lindqvist Müller Novák O’Neill Petrova ' +
  'Rossi Sato Tanaka Ueda Vargas Weber Xu Yılmaz Zieliński'
).split(' ');

export const COMPANY_NAMES = [
  'Acorn Works',
  'Bluefin Labs',
  'Copper & Sons',
  'Delta Freight',
  'Elm Street Bakery',
  'Fjord Travel',
  'Granite Bank',
  'Harbour Health',
] as const;
