// A moment in the words of the page: “24 ноября в 18:05”. The pattern names {day} and {time}.
export const inWords = (moment, pattern) => {
  const date = new Date(moment);
  const as = (options) => new Intl.DateTimeFormat(document.documentElement.lang, options).format(date);
  return pattern.replace("{day}", as({ day: "numeric", month: "long" })).replace("{time}", as({ hour: "numeric", minute: "2-digit" }));
};
